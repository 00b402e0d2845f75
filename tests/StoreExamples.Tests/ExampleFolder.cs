using Kills;

namespace StoreExamples.Tests;

/// <summary>A copy of an example in a folder of its own, and <c>belay</c> in it.</summary>
internal sealed class ExampleFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-example-");
    private readonly BelayProcess belay;

    /// <param name="example">The example's name.</param>
    public ExampleFolder(string example)
    {
        belay = new BelayProcess(folder.FullName);
        var from = Path.Combine(AppContext.BaseDirectory, example);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = PathOf(Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public Task WriteAsync(string name, string text, CancellationToken ct) =>
        File.WriteAllTextAsync(PathOf(name), text, ct);

    /// <summary>Calls a verb to its end.</summary>
    public Task<Ended> CallAsync(CancellationToken ct, params string[] words) => belay.RunAsync(words, null, ct);

    /// <summary>Calls a verb, and kills it as soon as the condition holds; the exit code is null when it was killed.</summary>
    public Task<Ended> KillAsync(Func<ValueTask<bool>> when, CancellationToken ct, params string[] words) =>
        belay.RunAsync(words, when, ct);

    public void Dispose() => folder.Delete(recursive: true);
}
