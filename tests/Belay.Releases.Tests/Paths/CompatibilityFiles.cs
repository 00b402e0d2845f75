using Belay.Planning.Compatibility;

namespace Belay.Releases.Tests.Paths;

/// <summary>Texts read as compatibility files; diagnostics name them <c>compatibility.yaml</c>.</summary>
internal static class CompatibilityFiles
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static CompatibilityResult Read(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("belay-paths-");
        try
        {
            var file = Path.Combine(folder.FullName, "compatibility.yaml");
            File.WriteAllText(file, yaml);
            return CompatibilityLoader.Load(file, Nothing, Nothing) switch
            {
                CompatibilityResult.Refused refused => new CompatibilityResult.Refused([
                    .. refused.Diagnostics.Select(problem => problem with { File = "compatibility.yaml" }),
                ]),
                var loaded => loaded,
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
