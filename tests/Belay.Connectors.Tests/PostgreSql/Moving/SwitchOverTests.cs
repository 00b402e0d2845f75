using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

[Collection(MoveTests13To17.Name)]
public sealed class SwitchOverContract13To17(Pair13To17 pair) : ChangeContract
{
    protected override int Kills => 6;

    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await SwitchFixture.StartAsync(pair, ct);
}

[Collection(MoveTests15To18.Name)]
public sealed class SwitchOverContract15To18(Pair15To18 pair) : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await SwitchFixture.StartAsync(pair, ct, authentication: "md5");
}

[Collection(MoveTests13To17.Name)]
public sealed class SwitchOver13To17Tests(Pair13To17 pair) : SwitchOverTests(pair);

[Collection(MoveTests15To18.Name)]
public sealed class SwitchOver15To18Tests(Pair15To18 pair) : SwitchOverTests(pair);

public abstract class SwitchOverTests(MovePair pair)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_lose_nothing_and_see_no_failure_there_back_and_there_again()
    {
        await using var fixture = await SwitchFixture.StartAsync(pair, Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var writers = ShopWriters.Start(fixture.Endpoint);
        await writers.WriteSomeAsync(Ct);
        var before = await change.ObserveAsync(Ct);

        await change.ApplyAsync();
        var after = await change.ObserveAsync(Ct);
        await writers.WriteSomeAsync(Ct);
        Assert.True(change.Plan(after).IsEmpty, string.Join("; ", change.Plan(after).Lines));
        await ArriveAsync(fixture, pair.Old, writers);
        await change.UndoAsync(before);
        await writers.WriteSomeAsync(Ct);
        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
        await ArriveAsync(fixture, pair.New, writers);
        await using var again = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await again.ApplyAsync();
        await writers.WriteSomeAsync(Ct);
        await writers.StopAsync();

        Assert.Empty(writers.Failures);
        Assert.Empty(await writers.MissingAsync(pair.New, fixture.Shop.Database, Ct));
        await ArriveAsync(fixture, pair.Old, writers);
        var freeze = after.GetProperty("freeze-ms").GetInt64();
        TestContext.Current.SendDiagnosticMessage($"freeze: {freeze} ms");
        Assert.True(freeze < 3000, $"a freeze of {freeze} ms");
    }

    [Fact]
    public async Task Only_one_side_lets_services_in_at_any_time()
    {
        await using var fixture = await SwitchFixture.StartAsync(pair, Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        Assert.Equal((true, false), await AdmitsAsync(fixture));
        var before = await change.ObserveAsync(Ct);
        await change.ApplyAsync();
        Assert.Equal((false, true), await AdmitsAsync(fixture));
        await change.UndoAsync(before);
        Assert.Equal((true, false), await AdmitsAsync(fixture));
    }

    [Fact]
    public async Task Sequences_go_on_where_they_were_also_those_that_were_set_or_never_used()
    {
        await using var fixture = await SwitchFixture.StartAsync(pair, Ct);
        // A number that was given out and rolled back stands in no table.
        await fixture.Shop.OldAsync("SELECT setval('invoice_numbers', 5000)", Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        await change.ApplyAsync();

        Assert.Equal(5001L, await fixture.Shop.NewAsync("SELECT nextval('invoice_numbers')", Ct));
        Assert.Equal(77L, await fixture.Shop.NewAsync("SELECT nextval('set_back')", Ct));
        Assert.Equal(1L, await fixture.Shop.NewAsync("SELECT nextval('never_used')", Ct));
    }

    [Fact]
    public async Task A_change_of_the_schema_since_the_copy_is_told_and_refused_and_nothing_is_frozen()
    {
        await using var fixture = await SwitchFixture.StartAsync(pair, Ct);
        await fixture.Shop.OldAsync("ALTER TABLE orders ADD COLUMN note text", Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var writers = ShopWriters.Start(fixture.Endpoint, 2);

        var failure = await change.FailAsync();
        await writers.WriteSomeAsync(Ct);

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("only old has column note of public.orders: text", failure.Message, StringComparison.Ordinal);
        Assert.Empty(writers.Failures);
    }

    [Fact]
    public async Task A_transaction_that_does_not_end_costs_a_short_freeze_and_no_switch()
    {
        await using var fixture = await SwitchFixture.StartAsync(pair, Ct, atMost: "2s");
        await using var writers = ShopWriters.Start(fixture.Endpoint, 2);
        await using var stubborn = new Npgsql.NpgsqlConnection(fixture.Endpoint);
        await stubborn.OpenAsync(Ct);
        await using var transaction = await stubborn.BeginTransactionAsync(Ct);
        await using var insert = new Npgsql.NpgsqlCommand(
            "INSERT INTO orders (token, cents) VALUES ('stubborn', 1)",
            stubborn
        );
        await insert.ExecuteNonQueryAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        var failure = await change.FailAsync();
        await writers.WriteSomeAsync(Ct);
        await transaction.CommitAsync(Ct);

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains(
            "the end of the services' transactions was not done within",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(writers.Failures);
        Assert.Equal((true, false), await AdmitsAsync(fixture));
        // The same step, repeated, does it.
        await using var again = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await again.ApplyAsync();
        Assert.Equal(1L, await fixture.Shop.NewAsync("SELECT count(*) FROM orders WHERE token = 'stubborn'", Ct));
    }

    [Fact]
    public async Task Killed_in_the_freeze_the_old_side_takes_writes_again_at_the_deadline_without_Belay()
    {
        await using var fixture = await SwitchFixture.StartAsync(pair, Ct, atMost: "2s");
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var writers = ShopWriters.Start(fixture.Endpoint);
        await writers.WriteSomeAsync(Ct);
        var before = await change.ObserveAsync(Ct);
        // The marker cannot arrive, so that the freeze is still there when Belay dies.
        await using var holding = new Npgsql.NpgsqlConnection(
            pair.New.ConnectionString(fixture.Shop.Database) + ";Pooling=false;Application Name=belay test"
        );
        await holding.OpenAsync(Ct);
        await using var transaction = await holding.BeginTransactionAsync(Ct);

        await KilledChild.KillAtAsync(fixture, before, UntilFrozenAsync(fixture, holding), Ct);

        Assert.Equal((false, false), await AdmitsAsync(fixture));
        await Course.UntilAsync(async () => await AdmitsAsync(fixture) == (true, false));
        await writers.WriteSomeAsync(Ct);
        Assert.Empty(writers.Failures);
        await transaction.RollbackAsync(Ct);
        await KilledChild.AssertFinishedAsync(fixture, before, Ct);
        await writers.WriteSomeAsync(Ct);
        await writers.StopAsync();
        Assert.Empty(writers.Failures);
        Assert.Empty(await writers.MissingAsync(pair.New, fixture.Shop.Database, Ct));
    }

    [Fact]
    public async Task Services_that_read_a_file_are_led_by_it_and_their_command()
    {
        var shop = await pair.OpenAsync(Ct);
        await using var fixture = new MoveFixture(
            shop,
            "postgresql.switch-over",
            """{ "from": "old", "to": "new", "switch": { "file": "shop.env", "key": "DATABASE", "reload": ["touch", "reloaded"] } }"""
        );
        fixture.Folder.Write("plan/shop.env", $"# shop\nDATABASE=127.0.0.1:{pair.Old.Port}\n");
        await using var replicate = fixture.Change("postgresql.replicate", ReplicateTests.Inputs);
        await replicate.ApplyAsync();
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await using var session = new Npgsql.NpgsqlConnection(
            pair.Old.ConnectionString(shop.Database)
                + $";Pooling=false;Username={MovePair.Role};Password={MovePair.RolePassword}"
        );
        await session.OpenAsync(Ct);
        var before = await change.ObserveAsync(Ct);

        await change.ApplyAsync();

        Assert.Equal(
            $"# shop\nDATABASE=127.0.0.1:{pair.New.Port}\n",
            await File.ReadAllTextAsync(fixture.Folder["plan/shop.env"], Ct)
        );
        Assert.True(File.Exists(fixture.Folder["plan/reloaded"]));
        await using var late = new Npgsql.NpgsqlCommand(
            "INSERT INTO orders (token, cents) VALUES ('late', 1)",
            session
        );
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => late.ExecuteNonQueryAsync(Ct));
        await change.UndoAsync(before);
        Assert.Equal(
            $"# shop\nDATABASE=127.0.0.1:{pair.Old.Port}\n",
            await File.ReadAllTextAsync(fixture.Folder["plan/shop.env"], Ct)
        );
    }

    [Fact]
    public async Task Services_are_led_by_commands_and_a_command_that_leads_nowhere_is_not_believed()
    {
        var shop = await pair.OpenAsync(Ct);
        await using var fixture = new MoveFixture(
            shop,
            "postgresql.switch-over",
            """{ "from": "old", "to": "new", "command": { "read": ["cat", "endpoint"], "lead": ["sh", "lead.sh"] } }"""
        );
        fixture.Folder.Write("plan/endpoint", $"127.0.0.1:{pair.Old.Port}\n");
        fixture.Folder.Write("plan/lead.sh", "exit 0");
        await using var replicate = fixture.Change("postgresql.replicate", ReplicateTests.Inputs);
        await replicate.ApplyAsync();
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var failure = await change.FailAsync();
        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Contains($"and cat says 127.0.0.1:{pair.Old.Port}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(
            (false, true),
            (await LetsInAsync(pair.Old, shop.Database), await LetsInAsync(pair.New, shop.Database))
        );
        // The command is mended, and the step repeated.
        fixture.Folder.Write("plan/lead.sh", "echo \"$1\" > endpoint");
        await using var again = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await again.ApplyAsync();

        Assert.True(again.Plan(await again.ObserveAsync(Ct)).IsEmpty);
        Assert.Equal($"127.0.0.1:{pair.New.Port}\n", await File.ReadAllTextAsync(fixture.Folder["plan/endpoint"], Ct));
        await again.UndoAsync(before);
        Assert.Equal($"127.0.0.1:{pair.Old.Port}\n", await File.ReadAllTextAsync(fixture.Folder["plan/endpoint"], Ct));
    }

    // What was acknowledged up to now: more comes all the time, and the other side is always a little behind.
    private static Task ArriveAsync(SwitchFixture fixture, Belay.Parts.PostgresServer server, ShopWriters writers)
    {
        var orders = writers.Acknowledged.ToArray();
        return Course.UntilAsync(async () =>
            (await ShopWriters.MissingAsync(orders, server, fixture.Shop.Database, Ct)).Count == 0
        );
    }

    // From the other database: a superuser's session in the shop's own one would be a reason to refuse.
    private async Task UntilFrozenAsync(SwitchFixture fixture, Npgsql.NpgsqlConnection holding)
    {
        await using var arrived = new Npgsql.NpgsqlCommand("SELECT EXISTS (SELECT FROM belay_move.switches)", holding);
        await Course.UntilAsync(async () => (bool)(await arrived.ExecuteScalarAsync(Ct))!);
        await using var hold = new Npgsql.NpgsqlCommand("LOCK TABLE belay_move.switches IN EXCLUSIVE MODE", holding);
        await hold.ExecuteNonQueryAsync(Ct);
        await Course.UntilAsync(async () =>
            (int)
                (
                    await pair.Old.ExecuteAsync(
                        $"SELECT datconnlimit FROM pg_database WHERE datname = '{fixture.Shop.Database}'",
                        ct: Ct
                    )
                )! == 0
        );
    }

    /// <summary>Whether services may log in directly: on the old side, on the new one.</summary>
    private async Task<(bool Old, bool New)> AdmitsAsync(SwitchFixture fixture) =>
        (await LetsInAsync(pair.Old, fixture.Shop.Database), await LetsInAsync(pair.New, fixture.Shop.Database));

    private static async Task<bool> LetsInAsync(Belay.Parts.PostgresServer server, string database)
    {
        try
        {
            await using var session = new Npgsql.NpgsqlConnection(
                server.ConnectionString(database)
                    + $";Pooling=false;Username={MovePair.Role};Password={MovePair.RolePassword}"
            );
            await session.OpenAsync(Ct);
            return true;
        }
        catch (Npgsql.PostgresException e) when (e.SqlState == "53300")
        {
            return false;
        }
    }
}
