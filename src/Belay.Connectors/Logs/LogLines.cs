using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Logs;

/// <summary>Inputs of <c>logs.lines</c>.</summary>
public sealed record LogLinesInputs
{
    /// <summary>The log file. One that was rotated once since its place was noted is read in both files.</summary>
    public required string Path { get; init; }

    /// <summary>Where to begin: the outputs of a <c>logs.mark</c>, <c>{ inode: ${steps.ID.inode}, offset: ${steps.ID.offset} }</c>. Default: the file's beginning.</summary>
    public LogPlace? From { get; init; }

    /// <summary>Regular expressions (of .NET, without back references) of which none may fit any line.</summary>
    public ImmutableArray<string> MustNot { get; init; } = [];

    /// <summary>Regular expressions of which each must fit a line.</summary>
    public ImmutableArray<string> Must { get; init; } = [];

    /// <summary>Whether the answer shows the lines. Default false: logs may hold secrets that belay does not know.</summary>
    public bool Show { get; init; }
}

/// <summary>What <c>logs.lines</c> sees.</summary>
public sealed record LogLinesState
{
    /// <summary>How many lines were read.</summary>
    public required long Lines { get; init; }

    /// <summary>Lines that must not be there: the expression and how many lines it fits.</summary>
    public required ImmutableSortedDictionary<string, long> Unwanted { get; init; }

    /// <summary>Expressions that fit no line and must.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>The first unwanted line; null when there is none, or when lines are not shown.</summary>
    public string? First { get; init; }
}

/// <summary><c>logs.lines</c>: whether a log has lines that must be there, and none that must not.</summary>
internal sealed class LogLines(LogLinesInputs inputs, IScope scope) : ICheck<LogLinesState>
{
    private const int LongestShown = 300;

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<LogLinesInputs, LogLinesState>(
            "logs.lines",
            "Checks that a log file has lines that must be there, and none that must not",
            options => new LogsJson(options),
            inputs => [new Touch(FileInputs.Resource(inputs.Path), TouchKind.Read)],
            (inputs, scope) => new LogLines(inputs, scope),
            inputs =>
                [
                    .. FileInputs.Problems(inputs.Path),
                    .. inputs.Must.IsEmpty && inputs.MustNot.IsEmpty
                        ? [new InputProblem("must-not", "nothing is looked for: give 'must' or 'must-not'")]
                        : Array.Empty<InputProblem>(),
                    .. Problems("must", inputs.Must),
                    .. Problems("must-not", inputs.MustNot),
                ]
        );

    public ValueTask<LogLinesState> ObserveAsync(CancellationToken ct)
    {
        var path = scope.PathOf(inputs.Path);
        return ValueTask.FromResult(LocalFile.Guard(path, () => Read(path)));
    }

    public Verdict Judge(LogLinesState observed) =>
        observed switch
        {
            { Unwanted.IsEmpty: false } => new Verdict.Broken(
                $"{inputs.Path}: {string.Join(", ", observed.Unwanted.Select(found => $"{found.Value} lines fit /{found.Key}/"))}, of {observed.Lines} read"
                    + (observed.First is { } first ? $"; the first: {first}" : "")
            ),
            { Missing.IsEmpty: false } => new Verdict.NotYet(
                $"{inputs.Path}: no line fits {string.Join(", ", observed.Missing.Select(expression => $"/{expression}/"))}, of {observed.Lines} read"
            ),
            _ => Verdict.Ok,
        };

    private LogLinesState Read(string path)
    {
        var unwanted = inputs
            .MustNot.Select(expression => (Expression: expression, Regex: Compiled(expression)))
            .ToArray();
        var missing = inputs.Must.Select(expression => (Expression: expression, Regex: Compiled(expression))).ToList();
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        var (lines, first) = (0L, (string?)null);
        foreach (var line in LogFile.Lines(path, inputs.From))
        {
            lines++;
            missing.RemoveAll(one => one.Regex.IsMatch(line));
            foreach (var (expression, _) in unwanted.Where(one => one.Regex.IsMatch(line)))
            {
                counts[expression] = counts.GetValueOrDefault(expression) + 1;
                first ??= line;
            }
        }
        return new LogLinesState
        {
            Lines = lines,
            Unwanted = counts.ToImmutable(),
            Missing = [.. missing.Select(one => one.Expression)],
            First = inputs.Show && first is not null ? first[..Math.Min(first.Length, LongestShown)] : null,
        };
    }

    private static IEnumerable<InputProblem> Problems(string member, ImmutableArray<string> expressions)
    {
        foreach (var expression in expressions)
        {
            string? problem = null;
            try
            {
                Compiled(expression);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                problem = e.Message;
            }
            if (problem is not null)
                yield return new InputProblem(member, $"/{expression}/ is no regular expression: {problem}");
        }
    }

    // Without backtracking: no expression and no line can make it hang.
    private static Regex Compiled(string expression) =>
        new(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
