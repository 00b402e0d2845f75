using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.absent</c>.</summary>
public sealed record AbsentTextInputs
{
    /// <summary>Files, folders (all files below), or patterns: <c>config/**/*.yaml</c>. Each must find at least one file.</summary>
    public required ImmutableArray<string> Paths { get; init; }

    /// <summary>The texts of which none may stand in any of the files.</summary>
    public required ImmutableArray<string> Text { get; init; }

    /// <summary>Patterns of files to leave out.</summary>
    public ImmutableArray<string> Except { get; init; } = [];
}

/// <summary>What <c>files.absent</c> sees.</summary>
public sealed record AbsentTextState
{
    /// <summary>How many files were read.</summary>
    public required int Files { get; init; }

    /// <summary>Where a text still stands, <c>path:line</c>, at most 100 places.</summary>
    public required ImmutableArray<string> Found { get; init; }
}

/// <summary><c>files.absent</c>: no file names a text any more, such as the host of an old server.</summary>
internal sealed class AbsentText(AbsentTextInputs inputs, IScope scope) : ICheck<AbsentTextState>
{
    private const int MostPlaces = 100;
    private const int ShownPlaces = 5;

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<AbsentTextInputs, AbsentTextState>(
            "files.absent",
            "No file names a text any more",
            options => new AbsentTextJson(options),
            inputs => inputs.Paths.Select(path => new Touch(FileInputs.Resource(path), TouchKind.Read)),
            (inputs, scope) => new AbsentText(inputs, scope),
            Problems
        );

    public ValueTask<AbsentTextState> ObserveAsync(CancellationToken ct)
    {
        var left = inputs
            .Except.SelectMany(pattern => FilePattern.FindAny(pattern, scope.PlanFolder))
            .ToHashSet(StringComparer.Ordinal);
        var files = inputs
            .Paths.SelectMany(pattern => FilePattern.Find(pattern, scope.PlanFolder))
            .Distinct(StringComparer.Ordinal)
            .Where(file => !left.Contains(file))
            .ToArray();
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var file in files)
        {
            ct.ThrowIfCancellationRequested();
            found.AddRange(Places(file, LocalFile.ReadLines(file)).Take(MostPlaces - found.Count));
        }
        return ValueTask.FromResult(new AbsentTextState { Files = files.Length, Found = found.ToImmutable() });
    }

    public Verdict Judge(AbsentTextState observed) =>
        observed.Found.IsEmpty
            ? Verdict.Ok
            : new Verdict.NotYet(
                $"still named in {string.Join(", ", observed.Found.Take(ShownPlaces))}"
                    + (
                        observed.Found.Length > ShownPlaces
                            ? $" and {observed.Found.Length - ShownPlaces} more places"
                            : ""
                    )
            );

    private IEnumerable<string> Places(string file, string[] lines)
    {
        var shown = Path.GetRelativePath(scope.PlanFolder, file);
        return lines
            .Index()
            .Where(line => inputs.Text.Any(line.Item.Contains))
            .Select(line => $"{shown}:{line.Index + 1}");
    }

    private static IEnumerable<InputProblem> Problems(AbsentTextInputs inputs)
    {
        if (inputs.Paths.IsEmpty)
            yield return new InputProblem("paths", "is empty: nothing would be looked at");
        if (inputs.Text.IsEmpty || inputs.Text.Any(text => text.Length == 0))
            yield return new InputProblem("text", "is empty: every file contains it");
    }
}

[JsonSerializable(typeof(AbsentTextInputs))]
[JsonSerializable(typeof(AbsentTextState))]
internal sealed partial class AbsentTextJson : JsonSerializerContext;
