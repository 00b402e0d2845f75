using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Belay.Formats.Sql;

namespace Belay.Connectors.PostgreSql;

/// <summary>One numbered migration, read and split.</summary>
internal sealed partial record MigrationFile
{
    /// <summary>The number at the beginning of its name.</summary>
    public required int Version { get; init; }

    /// <summary>Its name without the ending: <c>042_expand_order_totals</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The file's name, with which failures are reported.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of its bytes, lower-case hex.</summary>
    public required string Checksum { get; init; }

    /// <summary>Its statements.</summary>
    public required ImmutableArray<SqlStatement> Statements { get; init; }

    /// <summary>Whether its one statement runs outside a transaction (<c>-- belay: no-transaction</c>).</summary>
    public required bool WithoutTransaction { get; init; }

    /// <summary>Whether a text carries the mark of a file that runs outside a transaction.</summary>
    public static bool IsMarked(string text) => Mark().IsMatch(text);

    [GeneratedRegex(@"^--[ \t]*belay:[ \t]*no-transaction[ \t]*\r?$", RegexOptions.Multiline, 1000)]
    private static partial Regex Mark();
}
