using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Ssh;

/// <summary>Inputs of <c>ssh.same-files</c>.</summary>
public sealed record SameFilesInputs
{
    /// <summary>The server that is as it should be.</summary>
    [Connection("ssh")]
    public required string From { get; init; }

    /// <summary>The server that must have the same.</summary>
    [Connection("ssh")]
    public required string To { get; init; }

    /// <summary>Files and folders (absolute paths) that both must have alike: names, contents, modes and owners by name.</summary>
    public required ImmutableArray<string> Paths { get; init; }

    /// <summary>Files that may differ, by their full path.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>How long each server may take. Default 5 minutes.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>What <c>ssh.same-files</c> sees.</summary>
public sealed record SameFilesState : ICompared
{
    /// <summary>The files below each of the paths; of those that differ at most twenty are named.</summary>
    public required StoreComparison Comparison { get; init; }
}

/// <summary><c>ssh.same-files</c>: whether what stands on one server stands on another one too.</summary>
internal sealed class SameFiles(SameFilesInputs inputs, IScope scope) : ICheck<SameFilesState>
{
    private const int MostNamed = 20;

    // A file that is not there fails find, and so the whole: nothing on both sides would be alike.
    private const string List = """
        set -e
        for path in "$@"; do
          find "$path" -type l -printf 'link %U %p\t%l\n' -o -type f -printf '%m %u %g ' -exec sha256sum -- {} \;
        done
        """;

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<SameFilesInputs, SameFilesState>(
            "ssh.same-files",
            "Checks that two servers have the same files",
            options => new SshJson(options),
            inputs =>
                inputs.Paths.SelectMany(path =>
                    (Touch[])
                        [
                            new Touch($"ssh:{inputs.From}{path}", TouchKind.Read),
                            new Touch($"ssh:{inputs.To}{path}", TouchKind.Read),
                        ]
                ),
            (inputs, scope) => new SameFiles(inputs, scope),
            inputs =>
                [
                    .. inputs.Paths.IsEmpty
                        ? [new InputProblem("paths", "no file is named: nothing would be compared")]
                        : Array.Empty<InputProblem>(),
                    .. inputs
                        .Paths.Where(path => !path.StartsWith('/'))
                        .Select(path => new InputProblem("paths", $"{path} is not absolute")),
                ]
        );

    public async ValueTask<SameFilesState> ObserveAsync(CancellationToken ct)
    {
        var lists = await Task.WhenAll(ListAsync(inputs.From, ct), ListAsync(inputs.To, ct));
        var (from, to) = (lists[0], lists[1]);
        return new SameFilesState
        {
            Comparison = new StoreComparison
            {
                From = inputs.From,
                To = inputs.To,
                Parts = [.. inputs.Paths.Select(path => Below(path, from, to))],
            },
        };
    }

    public Verdict Judge(SameFilesState observed)
    {
        var paths = observed.Comparison.Parts;
        if (paths.Sum(path => path.Differing) is > 0 and var count)
            return new Verdict.Broken(
                $"{count} files are not alike on '{inputs.From}' and '{inputs.To}': {string.Join(", ", paths.SelectMany(path => path.Examples))}"
            );
        return paths.Any(path => path.InFrom > 0)
            ? Verdict.Ok
            : new Verdict.Broken($"'{inputs.From}' has no file there: nothing was compared");
    }

    private ComparedPart Below(string path, Dictionary<string, string> from, Dictionary<string, string> to)
    {
        var folder = path.TrimEnd('/') + "/";
        string[] files =
        [
            .. from
                .Keys.Union(to.Keys, StringComparer.Ordinal)
                .Where(file => file == path || file.StartsWith(folder, StringComparison.Ordinal))
                .Except(inputs.Except, StringComparer.Ordinal),
        ];
        string[] differing =
        [
            .. files
                .Where(file => from.GetValueOrDefault(file) != to.GetValueOrDefault(file))
                .Order(StringComparer.Ordinal),
        ];
        return new ComparedPart
        {
            Name = path,
            Unit = "files",
            InFrom = files.Count(from.ContainsKey),
            InTo = files.Count(to.ContainsKey),
            Compared = files.Length,
            IsSample = false,
            Differing = differing.Length,
            Examples = [.. differing.Take(MostNamed).Select(file => $"{file} ({Words(file, from, to)})")],
        };
    }

    private async Task<Dictionary<string, string>> ListAsync(string connection, CancellationToken ct)
    {
        var said = await new SshServer(connection, scope).RunAsync(List, inputs.Paths, null, inputs.Limit, ct);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (Line: line, At: line.IndexOf(" /", StringComparison.Ordinal)))
            .Select(line => (Words: line.Line[..line.At].Trim(), File: line.Line[(line.At + 1)..]))
            .Select(line => line.Words.StartsWith("link ", StringComparison.Ordinal) ? WithTarget(line) : line)
            .ToDictionary(line => line.File, line => line.Words, StringComparer.Ordinal);
    }

    // Where a link leads stands behind its path, for it may begin with a slash as well.
    private static (string Words, string File) WithTarget((string Words, string File) link) =>
        link.File.Split('\t', 2) is [var file, var target] ? ($"{link.Words} {target}", file) : link;

    private string Words(string file, Dictionary<string, string> from, Dictionary<string, string> to) =>
        !to.ContainsKey(file) ? $"only on '{inputs.From}'"
        : !from.ContainsKey(file) ? $"only on '{inputs.To}'"
        : "differs";
}
