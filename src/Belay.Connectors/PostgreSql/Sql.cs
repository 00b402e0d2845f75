using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>Short ways to ask and to tell, with typed failures.</summary>
internal static class Sql
{
    /// <summary>A name as an SQL identifier.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as an SQL literal; for statements that take no parameters.</summary>
    public static string Text(string text) =>
        text.Contains('\\', StringComparison.Ordinal)
            ? $"E'{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
            : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Runs one statement as it stands.</summary>
    public static Task RunAsync(this NpgsqlConnection session, string place, string sql, CancellationToken ct) =>
        TypedAsync(
            place,
            async () =>
            {
                // A batch sends its commands untouched; a plain command is split and rewritten by the driver.
                await using var batch = new NpgsqlBatch(session) { BatchCommands = { new NpgsqlBatchCommand(sql) } };
                return await batch.ExecuteNonQueryAsync(ct);
            }
        );

    /// <summary>Reads all rows.</summary>
    public static Task<List<T>> ReadAsync<T>(
        this NpgsqlConnection session,
        string place,
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken ct,
        params object[] parameters
    ) =>
        TypedAsync(
            place,
            async () =>
            {
                await using var command = new NpgsqlCommand(sql, session);
                foreach (var value in parameters)
                    command.Parameters.Add(new NpgsqlParameter { Value = value });
                await using var reader = await command.ExecuteReaderAsync(ct);
                var rows = new List<T>();
                while (await reader.ReadAsync(ct))
                    rows.Add(row(reader));
                return rows;
            }
        );

    /// <summary>Reads one value; its type's default when there is no row or the value is null.</summary>
    public static async Task<T?> ValueAsync<T>(
        this NpgsqlConnection session,
        string place,
        string sql,
        CancellationToken ct,
        params object[] parameters
    )
    {
        var rows = await session.ReadAsync(
            place,
            sql,
            r => r.IsDBNull(0) ? default : r.GetFieldValue<T>(0),
            ct,
            parameters
        );
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>A table's name in full, quoted, as the session's search path finds it; null when it does not exist.</summary>
    public static Task<string?> LocateAsync(
        NpgsqlConnection session,
        string place,
        string table,
        CancellationToken ct
    ) =>
        session.ValueAsync<string>(
            place,
            """
            SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = pg_catalog.to_regclass($1)
            """,
            ct,
            table
        );

    /// <summary>Refuses a server that takes no writes.</summary>
    /// <exception cref="OperationException">Refused: it is a standby.</exception>
    public static async Task RequirePrimaryAsync(this NpgsqlConnection session, string place, CancellationToken ct)
    {
        if (await session.ValueAsync<bool>(place, "SELECT pg_is_in_recovery()", ct))
            throw OperationException.Refused(
                $"{place}: the server is a standby and takes no writes; name the primary server in the connection"
            );
    }

    /// <summary>Gives errors of PostgreSQL their types.</summary>
    public static async Task<T> TypedAsync<T>(string place, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            if (Failures.Of(e, place) is { } failure)
                throw failure;
            throw;
        }
    }

    /// <summary>Commits; a session that ends meanwhile leaves the outcome unknown.</summary>
    public static async Task CommitAsync(this NpgsqlTransaction transaction, string place, CancellationToken ct)
    {
        try
        {
            await transaction.CommitAsync(ct);
        }
        catch (Exception e)
        {
            if (Failures.OfCommit(e, place) is { } failure)
                throw failure;
            throw;
        }
    }
}
