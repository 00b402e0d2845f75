using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Belay.Formats;
using Belay.Formats.Sql;
using Belay.Releases.Trees;

namespace Belay.Releases.Reading;

/// <summary>Reads numbered migrations: <c>042_name.sql</c>, <c>V42__name.sql</c>, dates for numbers; <c>.down.sql</c> and <c>.undo.sql</c> lead back.</summary>
internal static partial class MigrationReader
{
    public static void Read(SourceFile file, Gathering gathered)
    {
        var name = Path.GetFileName(file.Shown);
        if (Numbered().Match(name) is not { Success: true } match)
            return;
        var forward = Back().Replace(file.Shown, "");
        if (forward != file.Shown)
        {
            gathered.WaysBack.Add(forward);
            return;
        }
        var (nature, reasons) = Judge(file);
        gathered.Migrations.Add(
            new MigrationFact(
                long.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture),
                name,
                nature,
                [.. reasons],
                HasWayBack: false,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text))),
                file.Shown
            )
        );
    }

    private static (MigrationNature Nature, List<string> Reasons) Judge(SourceFile file)
    {
        IReadOnlyList<SqlStatement> statements;
        try
        {
            statements = SqlSplitter.Split(file.Text);
        }
        catch (FormatException e)
        {
            throw new ValueFormatException("SQL", e.Message, 1, 1);
        }
        var nature = MigrationNature.Expands;
        var reasons = new List<string>();
        foreach (var statement in statements)
        {
            var own = StatementNature.Of(statement.Text);
            if (own != MigrationNature.Expands)
                reasons.Add($"line {statement.Line}: {Beginning(statement.Text)}");
            nature = own > nature ? own : nature;
        }
        return (nature, reasons);
    }

    private static string Beginning(string statement)
    {
        var line = string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 100 ? line : $"{line[..97]}...";
    }

    [GeneratedRegex(
        @"^[VvUu]?(?<number>[0-9]{1,18})(_|-|\.)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Numbered();

    [GeneratedRegex(@"[._-](down|undo|rollback)\.sql$|\.sql$(?<=/U[0-9]+__[^/]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Back();
}
