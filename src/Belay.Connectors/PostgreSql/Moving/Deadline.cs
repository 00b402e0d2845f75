using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>
/// The end of a freeze that does not need Belay: a statement that the frozen server carries out by itself when the time is
/// over, whatever has become of its client, and for a pooler a <see cref="Keeper"/>.
/// </summary>
internal sealed class Deadline
{
    private const string GuardName = "belay guard";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ArmingLimit = TimeSpan.FromSeconds(10);
    private readonly Side guard;
    private readonly Side side;
    private readonly Keeper? keeper;
    private Task waiting = Task.CompletedTask;

    private Deadline(Side side, Side guard, Keeper? keeper) =>
        (this.side, this.guard, this.keeper) = (side, guard, keeper);

    /// <summary>Arms it. Once this returns, the freeze of the row ends at the deadline.</summary>
    public static async Task<Deadline> ArmAsync(
        Side side,
        Side other,
        Keeper? keeper,
        SwitchLog.Row row,
        TimeSpan within,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var deadline = new Deadline(side, await side.OpenAnotherAsync(ct), keeper);
        try
        {
            await deadline.StartAsync(other, row, within, clock, ct);
            return deadline;
        }
        catch
        {
            await deadline.EndAsync();
            throw;
        }
    }

    /// <summary>Ends deadlines of a side that an earlier attempt armed. What they would do is done by whoever calls this.</summary>
    public static Task DisarmAsync(Side side, CancellationToken ct) =>
        side.ReadAsync(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name IN ('{GuardName}', '{Keeper.Name}')",
            row => row.GetBoolean(0),
            ct
        );

    /// <summary>Ends it: the freeze is over, one way or the other.</summary>
    public async Task EndAsync()
    {
        await DisarmAsync(side, CancellationToken.None);
        try
        {
            await waiting;
        }
        catch (OperationException)
        {
            // That is how it is disarmed.
        }
        keeper?.Forget();
        await guard.DisposeAsync();
    }

    private async Task StartAsync(
        Side other,
        SwitchLog.Row row,
        TimeSpan within,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await guard.RunAsync($"SET application_name = '{GuardName}'", ct);
        // Nothing of the server's or the role's settings may end it before its time, or with its client.
        await guard.RunAsync("SET statement_timeout = 0", ct);
        await guard.RunAsync("SET lock_timeout = 0", ct);
        if (guard.Version >= 140_000)
            await guard.RunAsync("SET client_connection_check_interval = 0", ct);
        if (guard.Version >= 170_000)
            await guard.RunAsync("SET transaction_timeout = 0", ct);
        // A program takes its time to start, a statement does not: the time of the freeze is not spent on that.
        if (keeper is not null)
        {
            await keeper.StartAsync(side, other, row.Number, row.Admits, within, ct);
            await WaitUntilArmedAsync(Keeper.Name, clock, ct);
        }
        waiting = guard.RunAsync(SwitchLog.Thawing(side, row.Number, row.Admits, within), CancellationToken.None);
        await WaitUntilArmedAsync(GuardName, clock, ct);
    }

    private async Task WaitUntilArmedAsync(string name, TimeProvider clock, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        while (
            !await side.AnyAsync(
                $"SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = {Sql.Text(name)} AND wait_event = 'PgSleep'",
                ct
            )
        )
        {
            if (clock.GetElapsedTime(begun) > ArmingLimit)
                throw OperationException.Transient(
                    $"nothing was frozen: what ends a freeze if Belay dies does not stand ready ({name}{(name == Keeper.Name ? ": is psql there, and may it log in? its log in the run's folder says it" : "")})"
                );
            await Task.Delay(Interval, clock, ct);
        }
    }
}
