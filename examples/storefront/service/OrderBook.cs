using Npgsql;

namespace Storefront;

/// <summary>The orders in PostgreSQL.</summary>
internal sealed class OrderBook(NpgsqlDataSource database, Release release)
{
    private const int StatementLimitSeconds = 5;

    /// <summary>Returns after the commit. False: the number is taken, and nothing was written.</summary>
    public async Task<bool> PlaceAsync(Order order, CancellationToken ct)
    {
        await using var command = Command(release.InsertOrder);
        command.Parameters.Add(new() { Value = order.Number });
        command.Parameters.Add(new() { Value = order.Customer });
        command.Parameters.Add(new() { Value = order.Item });
        command.Parameters.Add(new() { Value = order.Cents });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    public async Task<Order?> FindAsync(string number, CancellationToken ct)
    {
        await using var command = Command(release.SelectOrder);
        command.Parameters.Add(new() { Value = number });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Order
            {
                Number = number,
                Customer = reader.GetString(0),
                Item = reader.GetString(1),
                Cents = reader.GetInt64(2),
            }
            : null;
    }

    /// <summary>Takes an order back. False: the customer has none of that number.</summary>
    public async Task<bool> CancelAsync(string number, string customer, CancellationToken ct)
    {
        await using var command = Command("delete from orders where number = $1 and customer = $2");
        command.Parameters.Add(new() { Value = number });
        command.Parameters.Add(new() { Value = customer });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>The newest migration that the database records.</summary>
    public async Task<int> SchemaAsync(CancellationToken ct)
    {
        await using var command = Command("select coalesce(max(version), 0) from belay_migrations");
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private NpgsqlCommand Command(string text)
    {
        var command = database.CreateCommand(text);
        command.CommandTimeout = StatementLimitSeconds;
        return command;
    }
}
