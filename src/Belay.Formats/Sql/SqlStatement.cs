using System.Text.RegularExpressions;

namespace Belay.Formats.Sql;

/// <summary>One statement of an SQL file, without the semicolon that ends it.</summary>
/// <param name="Text">The statement; comments inside it are kept.</param>
/// <param name="Line">The line of the file, from 1, on which it begins.</param>
internal sealed partial record SqlStatement(string Text, int Line)
{
    /// <summary>The line of the file at a position (from 1) inside the statement, as the server reports it.</summary>
    public int LineAt(int position) => Line + Text.AsSpan(0, Math.Clamp(position - 1, 0, Text.Length)).Count('\n');

    /// <summary>Why a migration cannot hold this statement; null when it can.</summary>
    public string? Objection =>
        Text.StartsWith('\\') ? "commands of psql are no SQL"
        : Control().IsMatch(Text) ? "a migration is one transaction and must not begin or end one of its own"
        : CopyFromClient().IsMatch(Text) ? "COPY from the client has no data here; use INSERT"
        : null;

    /// <summary>Whether running the statement twice has the effect of running it once.</summary>
    public bool IsHarmlessToRepeat => Repeatable().IsMatch(Text);

    /// <summary>Whether it begins as a statement that gives rows.</summary>
    public bool IsReading => Reading().IsMatch(Text);

    /// <summary>The name (maybe with its schema) of the index that <c>CREATE INDEX CONCURRENTLY IF NOT EXISTS</c> makes; null for other statements.</summary>
    public string? ConcurrentIndex =>
        CreateIndex().Match(Text) is { Success: true } match ? match.Groups["name"].Value : null;

    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(
        @"^(BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK(?!\s+(WORK\s+|TRANSACTION\s+)?TO\b)|ABORT|PREPARE\s+TRANSACTION)\b",
        Options,
        1000
    )]
    private static partial Regex Control();

    [GeneratedRegex(@"^\(*\s*(SELECT|WITH|VALUES|TABLE|SHOW)\b", Options, 1000)]
    private static partial Regex Reading();

    [GeneratedRegex(@"^COPY\b.*\bFROM\s+STDIN\b", Options | RegexOptions.Singleline, 1000)]
    private static partial Regex CopyFromClient();

    [GeneratedRegex(
        @"^(CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+IF\s+NOT\s+EXISTS|DROP\s+INDEX\s+CONCURRENTLY\s+IF\s+EXISTS|REINDEX|VACUUM|ANALYZE|ALTER\s+TYPE\s+\S+\s+ADD\s+VALUE\s+IF\s+NOT\s+EXISTS)\b",
        Options,
        1000
    )]
    private static partial Regex Repeatable();

    [GeneratedRegex(
        @"^CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+IF\s+NOT\s+EXISTS\s+(?<name>(""[^""]+""|\w+)(\.(""[^""]+""|\w+))?)",
        Options,
        1000
    )]
    private static partial Regex CreateIndex();
}
