using System.Text.RegularExpressions;
using Belay.Domain.Operations;
using Belay.Formats.Sql;

namespace Belay.Connectors.PostgreSql.Backfilling;

/// <summary>What can be said against the inputs of a backfill before any server is asked.</summary>
internal static partial class BackfillRules
{
    private const int MostRows = 1_000_000;

    /// <summary>All that is wrong.</summary>
    public static IEnumerable<InputProblem> Validate(BackfillInputs inputs)
    {
        if (string.IsNullOrWhiteSpace(inputs.Name))
            yield return new InputProblem("name", "a name is expected");
        if (Objection(inputs.Statement) is { } objection)
            yield return new InputProblem("statement", objection);
        if (inputs.Left is { } left && Reading(left) is { } other)
            yield return new InputProblem("left", other);
        if ((inputs.Undo is not null) != (inputs.WayBack == BackfillWayBack.Statement))
            yield return new InputProblem("undo", "goes together with way-back: statement");
        if (inputs.Undo is { } undo && Objection(undo) is { } against)
            yield return new InputProblem("undo", against);
        if (inputs.Batch is < 1 or > MostRows)
            yield return new InputProblem("batch", $"must be between 1 and {MostRows}");
        if (inputs.BatchGoal < TimeSpan.FromMilliseconds(1) || inputs.BatchGoal > inputs.StatementLimit)
            yield return new InputProblem("batch-goal", "must be between 1ms and statement-limit");
        if (inputs.Pause < TimeSpan.Zero || inputs.Pause > TimeSpan.FromHours(1))
            yield return new InputProblem("pause", "must be between 0s and 1h");
        if (inputs.LagAtMost < 0)
            yield return new InputProblem("lag-at-most", "a number of bytes is expected, at least 0");
        if (inputs.LockLimit < TimeSpan.FromMilliseconds(1) || inputs.LockLimit > TimeSpan.FromMinutes(1))
            yield return new InputProblem("lock-limit", "must be between 1ms and 1m: other sessions queue that long");
        if (inputs.StatementLimit < inputs.LockLimit || inputs.StatementLimit > TimeSpan.FromDays(7))
            yield return new InputProblem("statement-limit", "must be between lock-limit and 7d");
    }

    private static string? Objection(string sql) =>
        One(sql) switch
        {
            (null, { } objection) => objection,
            ({ } statement, _) when statement.Objection is { } objection => objection,
            ({ } statement, _) when !First().IsMatch(statement.Text) || !Second().IsMatch(statement.Text) =>
                "must name the ends of a batch, $1 and $2: ... WHERE id BETWEEN $1 AND $2",
            _ => null,
        };

    private static string? Reading(string sql) =>
        One(sql) switch
        {
            (null, { } objection) => objection,
            ({ IsReading: true }, _) => null,
            _ => "must begin with SELECT, WITH, VALUES, TABLE or SHOW",
        };

    private static (SqlStatement? Statement, string? Objection) One(string sql)
    {
        try
        {
            return SqlSplitter.Split(sql) is [var statement] ? (statement, null) : (null, "must be one statement");
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    [GeneratedRegex(@"\$1(?!\d)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex First();

    [GeneratedRegex(@"\$2(?!\d)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Second();
}
