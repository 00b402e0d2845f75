using System.Text.RegularExpressions;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>The paths of a store, and the making of its folders.</summary>
internal sealed partial class StoreFolder(string folder)
{
    private const UnixFileMode OnlyTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string root = Path.GetFullPath(folder);

    public string Root => root;

    public string Runs => Path.Combine(root, "runs");

    public string Run(string run) => Path.Combine(Runs, Named(run, "a run"));

    public string Journal(string run) => Path.Combine(Run(run), "journal.jsonl");

    public string Stay(string run) => Path.Combine(Run(run), "stay");

    public string Requests(string run) => Path.Combine(Run(run), "requests");

    public string Sealed(string run) => Path.Combine(Run(run), "sealed");

    public string Work(string run) => Path.Combine(Run(run), "work");

    public string Environment(string environment) =>
        Path.Combine(root, "environments", Named(environment, "an environment"));

    /// <summary>Makes a folder, and those above it that are missing, durably.</summary>
    public void Make(string path)
    {
        if (Directory.Exists(path))
            return;
        var above = Path.GetDirectoryName(path)!;
        if (path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            Make(above);
        try
        {
            Directory.CreateDirectory(path, OnlyTheOwner);
            DurableFile.FlushFolder(above);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
    }

    /// <summary>Whether a name can be that of a run or an environment.</summary>
    public static bool IsName(string name) => SafeName().IsMatch(name);

    // A name becomes a folder: it must not lead out of the store.
    private static string Named(string name, string what) =>
        IsName(name)
            ? name
            : throw new ArgumentException(
                $"'{name}' cannot name {what}: letters, digits, '.', '_' and '-' only, a letter or digit first, at most 100",
                nameof(name)
            );

    // No NonBacktracking: it is built at run time, which a short command would wait for. The pattern is anchored and linear.
    [GeneratedRegex(
        "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex SafeName();
}
