using System.Text.RegularExpressions;

namespace Belay.Releases.Reading;

/// <summary>What one SQL statement does to those who still run the old release. What is not known is unknown, never fine.</summary>
internal static partial class StatementNature
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase
        | RegexOptions.CultureInvariant
        | RegexOptions.ExplicitCapture
        | RegexOptions.Singleline;

    public static MigrationNature Of(string statement)
    {
        var text = statement.Trim();
        return Frame().IsMatch(text) ? MigrationNature.Expands
            : Takes().IsMatch(text) ? MigrationNature.Contracts
            : AlterTable().IsMatch(text) ? OfAlter(text)
            : Adds().IsMatch(text) ? MigrationNature.Expands
            : Writes().IsMatch(text) ? MigrationNature.WritesData
            : MigrationNature.Unknown;
    }

    // "ADD COLUMN a ..., ADD COLUMN b ...": all of its actions must only add.
    private static MigrationNature OfAlter(string text) =>
        Narrows().IsMatch(text) || (NotNull().IsMatch(text) && !Default().IsMatch(text)) ? MigrationNature.Contracts
        : AddsColumn().IsMatch(text) ? MigrationNature.Expands
        : MigrationNature.Unknown;

    [GeneratedRegex(
        @"^(BEGIN|COMMIT|START\s+TRANSACTION|SET\s|COMMENT\s|GRANT\s|ANALYZE\b|VACUUM\b|REINDEX\b|SELECT\s)",
        Options,
        1000
    )]
    private static partial Regex Frame();

    [GeneratedRegex(
        @"^(DROP\s|TRUNCATE\s|REVOKE\s|CREATE\s+UNIQUE\s+INDEX|ALTER\s+\w+\s+.*\sRENAME\s|DELETE\s+FROM)",
        Options,
        1000
    )]
    private static partial Regex Takes();

    [GeneratedRegex(@"^ALTER\s+TABLE\s", Options, 1000)]
    private static partial Regex AlterTable();

    [GeneratedRegex(
        @"\b(DROP\s+(?!NOT\s+NULL|DEFAULT)|RENAME\s|(SET\s+DATA\s+)?TYPE\s|SET\s+NOT\s+NULL|ADD\s+(CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|EXCLUDE)\b|DISABLE\s|ENABLE\s|FORCE\s)",
        Options,
        1000
    )]
    private static partial Regex Narrows();

    [GeneratedRegex(@"\bNOT\s+NULL\b", Options, 1000)]
    private static partial Regex NotNull();

    [GeneratedRegex(@"\b(DEFAULT|GENERATED|DROP\s+NOT\s+NULL)\b", Options, 1000)]
    private static partial Regex Default();

    [GeneratedRegex(@"\b(ADD\s+(COLUMN\s+)?|DROP\s+NOT\s+NULL|SET\s+DEFAULT|VALIDATE\s+CONSTRAINT)", Options, 1000)]
    private static partial Regex AddsColumn();

    [GeneratedRegex(
        @"^(CREATE\s+(TABLE|INDEX|SEQUENCE|VIEW|MATERIALIZED\s+VIEW|TYPE|SCHEMA|EXTENSION|DOMAIN|STATISTICS|FUNCTION|PROCEDURE)\b|ALTER\s+TYPE\s.*\sADD\s+VALUE\b)",
        Options,
        1000
    )]
    private static partial Regex Adds();

    [GeneratedRegex(@"^(INSERT\s|UPDATE\s|MERGE\s|COPY\s)", Options, 1000)]
    private static partial Regex Writes();
}
