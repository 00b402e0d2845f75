using System.Text.Json;
using Belay.Parts;

namespace Belay.Cli.Tests;

/// <summary>Going back in part, and through a restore, as a person types it.</summary>
public sealed class GoingBackTests : IDisposable
{
    private const string Header = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:

        """;

    private readonly Desk desk = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_run_is_taken_back_as_far_as_a_step_and_then_wholly()
    {
        desk.Write(
            "upgrade.yaml",
            Header
                + """
                  - id: first
                    do: files.write
                    with: { path: first.txt, content: "${to}", show: true }
                  - id: second
                    do: files.write
                    with: { path: second.txt, content: "${to}", show: true }
                  - id: third
                    do: files.write
                    with: { path: third.txt, content: "${to}", show: true }
                  - id: last
                    do: files.write
                    with: { path: missing/last.txt, content: "${to}" }
                    limit: 1s
                """
        );
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");

        var preview = await desk.BelayAsync("rollback", "--to", "second", "--preview");
        var part = await desk.BelayAsync("rollback", "--to", "second");

        Assert.True(preview.ExitCode == 0, preview.ToString());
        Assert.Contains(
            "undo 'third' (files.write): exact, observed afterwards",
            preview.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("ends with 1 change standing: first", preview.Output, StringComparison.Ordinal);
        Assert.True(part.ExitCode == 4, part.ToString());
        Assert.Contains("taken back up to and including 'second', as asked", part.Output, StringComparison.Ordinal);
        Assert.True(desk.Has("first.txt"));
        Assert.False(desk.Has("second.txt") || desk.Has("third.txt"));

        var unknown = await desk.BelayAsync("rollback", "--to", "sceond");
        Assert.True(unknown.ExitCode == 64, unknown.ToString());
        Assert.Equal(6, (await desk.BelayAsync("rollback")).ExitCode);
        Assert.False(desk.Has("first.txt"));
    }

    [Fact]
    public async Task The_preview_counts_what_a_restore_of_a_live_database_would_lose_and_touches_nothing()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions { Password = "right-horse" }, Ct);
        await server.ExecuteAsync("create database shop", ct: Ct);
        await server.ExecuteAsync("create table customers (id int primary key)", "shop", Ct);
        await server.ExecuteAsync("insert into customers values (1), (2)", "shop", Ct);
        Describe(server);
        var halted = await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");
        Assert.True(halted.ExitCode == 4, halted.ToString());
        await server.ExecuteAsync("insert into customers values (3), (4), (5)", "shop", Ct);

        var preview = await desk.BelayAsync("rollback", "--preview");
        var asJson = await desk.BelayAsync("rollback", "--preview", "--output", "json");

        Assert.True(preview.ExitCode == 0, preview.ToString());
        Assert.Contains("restore 'save' for 'migrate'", preview.Output, StringComparison.Ordinal);
        Assert.Contains("restoring 'save' now would lose 3 rows written", preview.Output, StringComparison.Ordinal);
        Assert.Contains("--accept-loss migrate=3", preview.Output, StringComparison.Ordinal);
        Assert.Contains("ends as it was before the run: release 1.0.0", preview.Output, StringComparison.Ordinal);
        using var answer = JsonDocument.Parse(asJson.Output);
        var loss = Assert.Single(answer.RootElement.GetProperty("losses").EnumerateArray());
        Assert.Equal(3, loss.GetProperty("loss").GetProperty("count").GetInt64());
        Assert.Equal(5L, await server.ExecuteAsync("select count(*) from customers", "shop", Ct));

        var less = await desk.BelayAsync("rollback", "--accept-loss", "migrate=2");
        Assert.True(less.ExitCode == 4, less.ToString());
        Assert.Equal(5L, await server.ExecuteAsync("select count(*) from customers", "shop", Ct));
        var back = await desk.BelayAsync("rollback", "--accept-loss", "migrate=3");
        Assert.True(back.ExitCode == 6, back.ToString());
        Assert.Equal(2L, await server.ExecuteAsync("select count(*) from customers", "shop", Ct));
    }

    private void Describe(PostgresServer server)
    {
        desk.Write("migrations/001_baseline.sql", "select 1;\n");
        desk.Write("migrations/002_orders.sql", "create table orders (id int);\n");
        desk.Write("password", server.Password!);
        desk.Write(
            "upgrade.yaml",
            Header
                + """
                  - id: save
                    do: postgresql.backup
                    with: { connection: db, to: pre.dump, prove: restore }
                  - id: migrate
                    do: postgresql.migrate
                    with: { connection: db, directory: migrations, to: 2, baseline: 1 }
                    restore: save
                  - id: last
                    do: files.write
                    with: { path: missing/last.txt, content: "${to}" }
                    limit: 1s
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
                database: shop
                user: {{PostgresServer.User}}
                password: ${secret:db}
                tools: {{Path.Combine(PartsFolder.Location, "bin")}}
            secrets:
              db: { file: {{desk.PathOf("password")}} }
            """
        );
    }
}
