using System.Collections.Immutable;
using Belay.Domain.Json;
using Belay.Domain.Plans;

namespace Belay.Planning;

/// <summary>Collects all diagnostics of one reading, so that they are shown at once.</summary>
internal sealed class Problems
{
    private readonly HashSet<Diagnostic> found = [];

    public bool Any => found.Count > 0;

    public int Count => found.Count;

    public NearestName Nearest { get; } = new();

    /// <summary>How many diagnostics are kept: nobody reads more, and a hostile file has one in each line.</summary>
    private const int GreatestCount = 1000;

    /// <summary>How long a message and a hint may be: both quote what the file says.</summary>
    private const int GreatestLength = 1000;

    public void Report(string code, SourcePosition at, string message, string? hint = null)
    {
        if (found.Count >= GreatestCount)
            return;
        found.Add(
            new Diagnostic
            {
                Code = code,
                File = at.File,
                Line = at.Line,
                Column = at.Column,
                Message = VisibleText.Line(message, GreatestLength),
                Hint = hint is null ? null : VisibleText.Line(hint, GreatestLength),
            }
        );
    }

    /// <summary>By file, line and column.</summary>
    public ImmutableArray<Diagnostic> Sorted() =>
        [
            .. found
                .OrderBy(d => d.File, StringComparer.Ordinal)
                .ThenBy(d => d.Line)
                .ThenBy(d => d.Column)
                .ThenBy(d => d.Message, StringComparer.Ordinal),
        ];
}
