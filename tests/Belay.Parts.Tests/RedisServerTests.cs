namespace Belay.Parts.Tests;

public sealed class RedisServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisFlavor.Redis, "redis_version:7.")]
    [InlineData(RedisFlavor.Valkey, "valkey_version:8.")]
    public async Task It_answers_as_the_server_that_was_asked_for(RedisFlavor flavor, string version)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor }, Ct);

        Assert.Contains(version, await server.CommandAsync("INFO", "server"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task It_has_its_keys_and_its_port_after_a_restart(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(new() { Flavor = flavor }, Ct);
        await server.CommandAsync("SET", "session:1", "ann");
        var port = server.Port;

        await server.StopAsync();
        await server.StartAgainAsync(Ct);

        Assert.Equal("ann", await server.CommandAsync("GET", "session:1"));
        Assert.Equal(port, server.Port);
    }

    [Theory]
    [InlineData(RedisFlavor.Redis)]
    [InlineData(RedisFlavor.Valkey)]
    public async Task It_refuses_whoever_does_not_know_its_password(RedisFlavor flavor)
    {
        await using var server = await RedisServer.StartAsync(
            new() { Flavor = flavor, Password = "open \"sesame\"" },
            Ct
        );

        Assert.Equal("PONG", await server.CommandAsync("PING"));
        Assert.StartsWith("-NOAUTH", await Wire.FirstLineAsync(server.Port, "PING\r\n", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_takes_further_lines_of_configuration()
    {
        await using var server = await RedisServer.StartAsync(new() { Configuration = ["maxmemory 3mb"] }, Ct);

        Assert.Contains("3145728", await server.CommandAsync("CONFIG", "GET", "maxmemory"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_with_the_end_of_the_log()
    {
        var failure = await Assert.ThrowsAsync<ServerFailedException>(() =>
            RedisServer.StartAsync(new() { Configuration = ["no-such-directive 1"] }, Ct)
        );

        Assert.Contains("no-such-directive", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_leaves_no_process_and_no_temporary_folder()
    {
        var server = await RedisServer.StartAsync(ct: Ct);
        var (pid, folder) = (server.Pid, server.Folder);

        await server.DisposeAsync();

        Assert.False(LiveProcess.Runs(pid));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_crash_loses_what_was_not_on_disk_and_nothing_else()
    {
        await using var server = await RedisServer.StartAsync(ct: Ct);
        await server.CommandAsync("SET", "kept", "1");
        await server.CommandAsync("SAVE");
        await server.CommandAsync("SET", "lost", "1");

        await server.KillAsync();
        await server.StartAgainAsync(Ct);

        Assert.Equal("kept", await server.CommandAsync("KEYS", "*"));
    }
}
