using System.Globalization;
using System.Text.RegularExpressions;
using Belay.Domain.Contract;
using Belay.Formats.Sql;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>Tries whether statements could be executed, without executing them: each is prepared and planned in a read-only transaction that is rolled back.</summary>
internal sealed partial class StatementTrial : IAsyncDisposable
{
    private readonly NpgsqlConnection session;
    private readonly NpgsqlTransaction transaction;
    private readonly string place;
    private int number;

    private StatementTrial(NpgsqlConnection session, NpgsqlTransaction transaction, string place) =>
        (this.session, this.transaction, this.place) = (session, transaction, place);

    /// <summary>Begins the transaction.</summary>
    public static async Task<StatementTrial> BeginAsync(
        NpgsqlConnection session,
        string place,
        TimeSpan limit,
        CancellationToken ct
    )
    {
        var trial = new StatementTrial(
            session,
            await Sql.TypedAsync(place, () => session.BeginTransactionAsync(ct).AsTask()),
            place
        );
        await trial.RunAsync("SET TRANSACTION READ ONLY", ct);
        await trial.RunAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SET LOCAL statement_timeout = {(long)limit.TotalMilliseconds}"
            ),
            ct
        );
        // With the parameters as they stand, and not with the NULLs that are given for them.
        await trial.RunAsync("SET LOCAL plan_cache_mode = force_generic_plan", ct);
        return trial;
    }

    /// <summary>Tries one statement.</summary>
    /// <returns>The line of the file and what is said against it; null: it could be executed.</returns>
    public async Task<(int Line, string Says)?> TryAsync(SqlStatement statement, CancellationToken ct)
    {
        if (statement.Objection is not null)
            return (statement.Line, "only SELECT, INSERT, UPDATE, DELETE, MERGE and VALUES can be tried");
        var name = string.Create(CultureInfo.InvariantCulture, $"belay_{++number}");
        var declared = Declaration().Match(statement.Text);
        var head = $"PREPARE {name} {declared.Groups["types"].Value} AS ";
        await RunAsync("SAVEPOINT belay", ct);
        try
        {
            await RunAsync(head + statement.Text[declared.Length..], ct);
            return await UnfilledAsync(name, ct) is { } column ? (statement.Line, column) : null;
        }
        catch (OperationException e)
            when (e.InnerException is PostgresException said
                && e.Kind == FailureKind.Refused
                && said.SqlState != PostgresErrorCodes.QueryCanceled
            )
        {
            var position = Math.Max(1, said.Position - head.Length + declared.Length);
            return (statement.LineAt(position), said.MessageText);
        }
        finally
        {
            if (session.State == System.Data.ConnectionState.Open && !ct.IsCancellationRequested)
                await RunAsync("ROLLBACK TO SAVEPOINT belay", ct);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => transaction.DisposeAsync();

    // A column that a migration added as NOT NULL without a default is seen by no PREPARE: the plan's INSERT gives it a NULL.
    private async Task<string?> UnfilledAsync(string name, CancellationToken ct)
    {
        var parameters = await session.ValueAsync<int>(
            place,
            "SELECT cardinality(parameter_types) FROM pg_catalog.pg_prepared_statements WHERE name = $1",
            ct,
            name
        );
        var values = parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", parameters))})";
        string plan;
        try
        {
            plan = (
                await session.ValueAsync<string>(place, $"EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE {name}{values}", ct)
            )!;
        }
        catch (OperationException e)
            when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.NotNullViolation })
        {
            // A parameter of a domain that takes no NULL: the statement is possible, and its plan stays unseen.
            return null;
        }
        foreach (var insert in PlannedInsert.AllOf(plan))
        {
            var columns = await session.ReadAsync(
                place,
                // What a trigger fills, or the server computes, is not missing.
                """
                SELECT a.attnum::int, format('column %I of %I.%I is NOT NULL and has no default, and this INSERT gives it no value', a.attname, n.nspname, c.relname)
                FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped AND a.attgenerated = ''
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 7 = 7)
                ORDER BY 1
                """,
                row => (Number: row.GetInt32(0), Says: row.GetString(1)),
                ct,
                insert.Schema,
                insert.Table
            );
            if (columns.Find(column => insert.IsNull(column.Number)) is { Says: { } says })
                return says;
        }
        return null;
    }

    private Task RunAsync(string sql, CancellationToken ct) => session.RunAsync(place, sql, ct);

    [GeneratedRegex(
        @"^PREPARE\s+(""([^""]|"""")+""|\w+)\s*(?<types>\(.*?\))?\s*\bAS\b\s*",
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Declaration();
}
