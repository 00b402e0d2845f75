using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>What happens between the freeze of one side and the claim of the other: as little as can be, on sessions that are open already.</summary>
internal sealed class HandOver : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);
    private readonly Side from;
    private readonly Side to;
    private readonly Side aside;
    private readonly Route route;
    private readonly SwitchLog.Row row;
    private readonly string schema;
    private readonly IScope scope;

    private HandOver(Side from, Side to, Side aside, Route route, SwitchLog.Row row, string schema, IScope scope) =>
        (this.from, this.to, this.aside, this.route, this.row, this.schema, this.scope) = (
            from,
            to,
            aside,
            route,
            row,
            schema,
            scope
        );

    /// <summary>What is being done now, for people.</summary>
    public string Doing { get; private set; } = "nothing yet";

    /// <summary>Opens what it needs, writes the row of the switch, and waits until the other side has it: then the marker will be there soon, too.</summary>
    public static async Task<HandOver> PrepareAsync(
        Side from,
        Side to,
        Route route,
        SwitchLog.Row row,
        string schema,
        IScope scope,
        CancellationToken ct
    )
    {
        var handOver = new HandOver(from, to, await from.OpenAnotherAsync(ct), route, row, schema, scope);
        try
        {
            await SwitchLog.BeginAsync(from, row.Number, row.Admits, ct);
            // A stream that is slow, or has only just begun, is waited for while services still write.
            await Patience.UntilAsync(
                () => SwitchLog.HasStateAsync(to, row.Number, SwitchLog.Freezing, ct),
                $"{to.Name} has not received a row that was just written to {from.Name}",
                scope.Clock,
                ct
            );
            return handOver;
        }
        catch
        {
            await handOver.DisposeAsync();
            throw;
        }
    }

    /// <summary>Freezes one side, brings the other to the same state, and claims the switch.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Doing = "the end of the services' transactions";
        await route.HoldAsync(ct);
        await SwitchLog.CloseAsync(from, row, ct);
        await EmptyAsync(ct);
        // Beside the rest: a catalogue takes longer to read than the last row to arrive.
        var digest = Catalog.DigestAsync(aside, ct);
        try
        {
            await BringUpAsync(ct);
            if (await digest != schema)
                throw OperationException.Refused(
                    $"the schema of {from.Name} was changed while the switch was prepared: stop migrations, and resume"
                );
        }
        finally
        {
            await digest.ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        }
        await route.PlaceAsync(ct);
        await EmptyAsync(ct);
        if (!await SwitchLog.ClaimAsync(from, row.Number, ct))
            throw Late();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => aside.DisposeAsync();

    private async Task BringUpAsync(CancellationToken ct)
    {
        if (!await SwitchLog.MarkAsync(from, row.Number, ct))
            throw Late();
        var sequences = await Sequences.ReadAsync(from, ct);
        Doing = $"the arrival of the last row at {to.Name}";
        while (!await SwitchLog.HasStateAsync(to, row.Number, SwitchLog.Frozen, ct))
            await Task.Delay(Interval, scope.Clock, ct);
        Doing = "the hand-over";
        await Sequences.SetAsync(to, sequences, ct);
        // What was replicated until here must not come back when the old side begins to follow.
        await new ReplicationStream(to, from).SkipAsync(ct);
    }

    // A session that was let in just before is seen a moment later.
    private async Task EmptyAsync(CancellationToken ct)
    {
        while (await from.EndSessionsAsync(ct) > 0)
            await Task.Delay(Interval, scope.Clock, ct);
    }

    private OperationException Late() =>
        OperationException.Transient(
            $"the freeze of {from.Name} had reached its deadline before the switch was claimed"
        );
}
