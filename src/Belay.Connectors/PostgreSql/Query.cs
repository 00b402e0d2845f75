using System.Globalization;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Formats.Sql;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>What to ask, and which answers are accepted. Every condition that is given must hold.</summary>
public sealed record QueryInputs
{
    /// <summary>The database.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>One statement that reads. It runs in a read-only transaction that is rolled back.</summary>
    public required string Sql { get; init; }

    /// <summary>The first column of the first row, as PostgreSQL writes it as a text.</summary>
    public string? Expect { get; init; }

    /// <summary>The least value of the first column of the first row.</summary>
    public decimal? AtLeast { get; init; }

    /// <summary>The greatest value of the first column of the first row.</summary>
    public decimal? AtMost { get; init; }

    /// <summary>The number of rows.</summary>
    public long? Rows { get; init; }

    /// <summary>How long the statement may run. Default 30 seconds.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The answer to a query. It is journaled: do not ask for what must not be shown.</summary>
public sealed record QueryState
{
    /// <summary>The first column of the first row; null when there is no row, or it is NULL.</summary>
    public string? Value { get; init; }

    /// <summary>The number of rows.</summary>
    public required long Rows { get; init; }
}

/// <summary>A query's answer is as expected.</summary>
internal sealed class Query : ICheck<QueryState>
{
    private readonly QueryInputs inputs;
    private readonly Server server;

    private Query(QueryInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
    }

    /// <summary>The definition of <c>postgresql.query</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<QueryInputs, QueryState>(
            "postgresql.query",
            "A query's answer is as expected",
            options => new QueryContext(options),
            inputs => [new Touch($"postgresql:{inputs.Connection}", TouchKind.Read)],
            (inputs, scope) => new Query(inputs, scope),
            Validate
        );

    /// <inheritdoc/>
    public async ValueTask<QueryState> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenForWorkAsync(ct);
        return await PostgreSql.Sql.TypedAsync(server.Place, () => AskAsync(session, ct));
    }

    /// <inheritdoc/>
    public Verdict Judge(QueryState observed)
    {
        if (inputs.Rows is { } rows && observed.Rows != rows)
            return new Verdict.NotYet($"{observed.Rows} rows, expected {rows}");
        if (inputs.Expect is { } expected && observed.Value != expected)
            return new Verdict.NotYet($"the value is {Words(observed)}, expected '{expected}'");
        if (inputs.AtLeast is null && inputs.AtMost is null)
            return Verdict.Ok;
        if (!decimal.TryParse(observed.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return new Verdict.NotYet($"the value is {Words(observed)}, expected a number");
        if (value < inputs.AtLeast)
            return new Verdict.NotYet($"the value is {value}, expected at least {inputs.AtLeast}");
        if (value > inputs.AtMost)
            return new Verdict.NotYet($"the value is {value}, expected at most {inputs.AtMost}");
        return Verdict.Ok;
    }

    private async Task<QueryState> AskAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var transaction = await session.BeginTransactionAsync(ct);
        await session.RunAsync(server.Place, "SET TRANSACTION READ ONLY", ct);
        await session.RunAsync(
            server.Place,
            string.Create(
                CultureInfo.InvariantCulture,
                $"SET LOCAL statement_timeout = {(long)inputs.Limit.TotalMilliseconds}"
            ),
            ct
        );
        await using var command = new NpgsqlCommand(inputs.Sql, session, transaction)
        {
            // Every type as the text that PostgreSQL writes: what is compared is what psql shows.
            AllResultTypesAreUnknown = true,
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        string? value = null;
        long rows = 0;
        for (; await reader.ReadAsync(ct); rows++)
            if (rows == 0 && reader.FieldCount > 0 && !reader.IsDBNull(0))
                value = reader.GetString(0);
        return new QueryState { Value = value, Rows = rows };
    }

    private static string? Objection(string sql)
    {
        try
        {
            return SqlSplitter.Split(sql) switch
            {
                [{ IsReading: true }] => null,
                [_] => "must begin with SELECT, WITH, VALUES, TABLE or SHOW",
                var statements => $"must be one statement, not {statements.Length}",
            };
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static string Words(QueryState observed) =>
        observed switch
        {
            { Rows: 0 } => "missing (no row)",
            { Value: null } => "NULL",
            { Value: { } value } => $"'{value}'",
        };

    private static IEnumerable<InputProblem> Validate(QueryInputs inputs)
    {
        if (Objection(inputs.Sql) is { } objection)
            yield return new InputProblem("sql", objection);
        if (inputs is { Expect: null, AtLeast: null, AtMost: null, Rows: null })
            yield return new InputProblem("expect", "say what is expected: expect, at-least, at-most or rows");
        if (inputs.Limit < TimeSpan.FromMilliseconds(1) || inputs.Limit > TimeSpan.FromDays(1))
            yield return new InputProblem("limit", "must be between 1ms and 1d");
    }
}

[JsonSerializable(typeof(QueryInputs))]
[JsonSerializable(typeof(QueryState))]
internal sealed partial class QueryContext : JsonSerializerContext;
