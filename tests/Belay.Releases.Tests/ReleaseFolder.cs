namespace Belay.Releases.Tests;

/// <summary>A folder of its own, with the files of a release.</summary>
internal sealed class ReleaseFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-release-");

    public string Path => folder.FullName;

    public ReleaseFolder With(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => folder.Delete(recursive: true);
}
