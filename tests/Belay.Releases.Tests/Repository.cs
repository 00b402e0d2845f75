namespace Belay.Releases.Tests;

/// <summary>The repository that this test was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Belay.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
