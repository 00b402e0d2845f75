namespace ConnectorKit;

/// <summary>A temporary folder that is removed with all that is in it.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>The folder's absolute path, links resolved.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("belay-").FullName;

    /// <summary>The absolute path of something inside.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a file, and the folders above it; returns its absolute path.</summary>
    public string Write(string relative, string content)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A folder inside, made when it is not there.</summary>
    public string Folder(string relative) => Directory.CreateDirectory(this[relative]).FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
