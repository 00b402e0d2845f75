using Npgsql;

namespace Belay.Parts.Tests;

public sealed class PostgresServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_answers_over_tcp_and_over_its_socket()
    {
        await using var server = await PostgresServer.StartAsync(ct: Ct);

        Assert.StartsWith("PostgreSQL 15.", await OverTcpAsync(server.ConnectionString()), StringComparison.Ordinal);
        Assert.StartsWith(
            "PostgreSQL 15.",
            (string?)await server.ExecuteAsync("SELECT version()", ct: Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task It_has_its_rows_and_its_port_after_a_restart()
    {
        await using var server = await PostgresServer.StartAsync(ct: Ct);
        await server.ExecuteAsync("CREATE TABLE orders AS SELECT 7 AS id", ct: Ct);
        var port = server.Port;

        await server.StopAsync();
        await server.StartAgainAsync(Ct);

        Assert.Equal(7, await server.ExecuteAsync("SELECT id FROM orders", ct: Ct));
        Assert.Equal(port, server.Port);
    }

    [Fact]
    public async Task It_recovers_after_a_crash()
    {
        await using var server = await PostgresServer.StartAsync(ct: Ct);
        await server.ExecuteAsync("CREATE TABLE orders AS SELECT 7 AS id", ct: Ct);

        await server.KillAsync();
        await server.StartAgainAsync(Ct);

        Assert.Equal(7, await server.ExecuteAsync("SELECT id FROM orders", ct: Ct));
    }

    [Fact]
    public async Task It_refuses_a_wrong_password()
    {
        await using var server = await PostgresServer.StartAsync(new() { Password = "it's me" }, Ct);
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "guess" };

        var failure = await Assert.ThrowsAsync<PostgresException>(() => OverTcpAsync(wrong.ConnectionString));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, failure.SqlState);
        Assert.NotEmpty(await OverTcpAsync(server.ConnectionString()));
    }

    [Fact]
    public async Task It_takes_further_settings()
    {
        await using var server = await PostgresServer.StartAsync(
            new() { Settings = ["wal_level=logical"], Durable = true },
            Ct
        );

        Assert.Equal("logical", await server.ExecuteAsync("SHOW wal_level", ct: Ct));
        Assert.Equal("on", await server.ExecuteAsync("SHOW fsync", ct: Ct));
    }

    [Fact]
    public async Task A_wrong_setting_is_told_with_the_end_of_the_log()
    {
        var failure = await Assert.ThrowsAsync<ServerFailedException>(() =>
            PostgresServer.StartAsync(new() { Settings = ["no_such_setting=1"] }, Ct)
        );

        Assert.Contains("no_such_setting", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_clients_connected_and_leaves_no_process_and_no_temporary_folder()
    {
        var server = await PostgresServer.StartAsync(ct: Ct);
        var (pid, folder) = (server.Pid, server.Folder);
        await using var client = new NpgsqlConnection(server.ConnectionString());
        await client.OpenAsync(Ct);
        var worker = client.ProcessID;

        await server.DisposeAsync();

        Assert.False(LiveProcess.Runs(pid));
        Assert.False(LiveProcess.Runs(worker));
        Assert.False(Directory.Exists(folder));
    }

    private static async Task<string> OverTcpAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT version()", connection);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }
}
