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
public sealed record SameFilesState
{
    /// <summary>How many files the first server has.</summary>
    public required int Files { get; init; }

    /// <summary>Files that only the first one has, or that differ; at most twenty.</summary>
    public required ImmutableArray<string> Differing { get; init; }

    /// <summary>How many differ in all.</summary>
    public required int Count { get; init; }
}

/// <summary><c>ssh.same-files</c>: whether what stands on one server stands on another one too.</summary>
internal sealed class SameFiles(SameFilesInputs inputs, IScope scope) : ICheck<SameFilesState>
{
    private const int MostNamed = 20;

    // A file that is not there fails find, and so the whole: nothing on both sides would be alike.
    private const string List = """
        set -e
        for path in "$@"; do
          find "$path" -type l -printf 'link %l %U %p\n' -o -type f -printf '%m %u %g ' -exec sha256sum -- {} \;
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
        string[] differing =
        [
            .. from
                .Keys.Union(to.Keys, StringComparer.Ordinal)
                .Where(file => from.GetValueOrDefault(file) != to.GetValueOrDefault(file))
                .Except(inputs.Except, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return new SameFilesState
        {
            Files = from.Count,
            Differing = [.. differing.Take(MostNamed).Select(file => $"{file} ({Words(file, from, to)})")],
            Count = differing.Length,
        };
    }

    public Verdict Judge(SameFilesState observed) =>
        observed switch
        {
            { Count: > 0 } => new Verdict.Broken(
                $"{observed.Count} files are not alike on '{inputs.From}' and '{inputs.To}': {string.Join(", ", observed.Differing)}"
            ),
            { Files: 0 } => new Verdict.Broken($"'{inputs.From}' has no file there: nothing was compared"),
            _ => Verdict.Ok,
        };

    private async Task<Dictionary<string, string>> ListAsync(string connection, CancellationToken ct)
    {
        var said = await new SshServer(connection, scope).RunAsync(List, inputs.Paths, null, inputs.Limit, ct);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (Line: line, At: line.IndexOf(" /", StringComparison.Ordinal)))
            .ToDictionary(
                line => line.Line[(line.At + 1)..],
                line => line.Line[..line.At].Trim(),
                StringComparer.Ordinal
            );
    }

    private string Words(string file, Dictionary<string, string> from, Dictionary<string, string> to) =>
        !to.ContainsKey(file) ? $"only on '{inputs.From}'"
        : !from.ContainsKey(file) ? $"only on '{inputs.To}'"
        : "differs";
}
