using System.Text.Json;
using Belay.Parts;

namespace Belay.Cli.Tests;

/// <summary>Another PostgreSQL server behind the same address: the restore that was meant for one of them never reaches the other.</summary>
public sealed class SwappedSystemTests : IDisposable
{
    private readonly Desk desk = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_server_that_is_swapped_behind_its_address_is_refused_until_a_person_accepts_it()
    {
        await using var server = await StartAsync();
        await using var other = await StartAsync();
        Describe(server, pause: false);
        Assert.Equal(0, (await desk.BelayAsync("run", "upgrade.yaml", "--run", "one")).ExitCode);
        var first = await IdOf(server);
        var known = await desk.BelayAsync("environment");
        Assert.Contains(first, known.Output, StringComparison.Ordinal);

        File.Delete(desk.PathOf("saved.dump"));
        await SwapAsync(server, other);
        var second = await IdOf(server);
        Assert.NotEqual(first, second);
        var refused = await desk.BelayAsync("run", "upgrade.yaml", "--run", "two");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(first, refused.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"belay environment accept db --id {second} --env default --reason",
            refused.Error,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(desk.PathOf(".belay/runs/two")));

        var accepted = await desk.BelayAsync(
            "environment",
            "accept",
            "db",
            "--id",
            second,
            "--reason",
            "moved to new machines",
            "--by",
            "anna"
        );
        Assert.True(accepted.ExitCode == 0, accepted.ToString());
        var run = await desk.BelayAsync("run", "upgrade.yaml", "--run", "two");
        Assert.True(run.ExitCode == 0, run.ToString());
        using var journaled = JsonDocument.Parse((await File.ReadAllLinesAsync(desk.JournalOf("two"), Ct))[0]);
        var system = journaled.RootElement.GetProperty("identity").GetProperty("systems").GetProperty("db");
        Assert.Equal(second, system.GetProperty("id").GetString());
        Assert.Equal("anna", system.GetProperty("accepted").GetProperty("by").GetString());
        Assert.Equal(first, system.GetProperty("accepted").GetProperty("was").GetString());
    }

    [Fact]
    public async Task A_server_that_is_swapped_in_the_middle_of_a_run_is_found_before_its_database_is_replaced()
    {
        await using var server = await StartAsync();
        await using var other = await StartAsync();
        Describe(server, pause: true);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one");
        await desk.UntilJournalHasAsync("one", "\"confirmation-requested\"");

        await SwapAsync(server, other);
        var confirmed = await desk.BelayAsync("confirm", "look");
        Assert.True(confirmed.ExitCode == 0, confirmed.ToString());

        var halted = await Desk.EndOfAsync(run);
        Assert.True(halted.ExitCode == 4, halted.ToString());
        var status = await desk.BelayAsync("status");
        Assert.Contains("'db' of environment 'default' is another system", status.Output, StringComparison.Ordinal);
        Assert.Equal("other", await server.ExecuteAsync("select name from marker", ct: Ct));
    }

    private static Task<PostgresServer> StartAsync() =>
        PostgresServer.StartAsync(new PostgresOptions { OwnIdentifier = true }, Ct);

    private static async Task<string> IdOf(PostgresServer server) =>
        (string)(await server.ExecuteAsync("select system_identifier::text from pg_control_system()", ct: Ct))!;

    /// <summary>Behind the address of the one the data of the other one answer from now on.</summary>
    private static async Task SwapAsync(PostgresServer server, PostgresServer other)
    {
        await other.ExecuteAsync("create table marker as select 'other' as name", ct: Ct);
        await other.StopAsync();
        await server.StopAsync();
        Directory.Move(Path.Combine(server.Folder, "data"), Path.Combine(server.Folder, "data-before"));
        Directory.Move(Path.Combine(other.Folder, "data"), Path.Combine(server.Folder, "data"));
        await server.StartAgainAsync(Ct);
    }

    private void Describe(PostgresServer server, bool pause)
    {
        desk.Write("migrations/001_baseline.sql", "select 1;\n");
        desk.Write("migrations/002_orders.sql", "drop table if exists marker;\n");
        desk.Write(
            "upgrade.yaml",
            $$"""
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: first
                do: files.write
                with: { path: first.txt, content: "${to}" }
            {{(pause ? "  - id: look\n    confirm: { instructions: Look at it }\n" : "")}}
              - id: save
                do: postgresql.backup
                with: { connection: db, to: saved.dump, prove: restore }
              - id: migrate
                do: postgresql.migrate
                with: { connection: db, directory: migrations, to: 2, baseline: 1 }
                restore: save
            """
        );
        desk.Write(
            "environments/default.yaml",
            $$"""
            connections:
              db:
                kind: postgresql
                host: 127.0.0.1
                port: {{server.Port}}
                database: postgres
                user: {{PostgresServer.User}}
                maintenance-database: template1
                tools: {{Path.Combine(PartsFolder.Location, "bin")}}
            """
        );
    }
}
