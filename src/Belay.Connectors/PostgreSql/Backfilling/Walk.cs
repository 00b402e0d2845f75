using System.Runtime.CompilerServices;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Npgsql;
using NpgsqlTypes;

namespace Belay.Connectors.PostgreSql.Backfilling;

/// <summary>Walks along a table's keys, a batch at a time, up or down. Each batch and the note of it are one transaction.</summary>
internal sealed class Walk(
    BackfillInputs inputs,
    IScope scope,
    string place,
    NpgsqlConnection session,
    BackfillLedger ledger,
    WalkedKey key
)
{
    private readonly Pace pace = new(inputs.Batch, inputs.BatchGoal);

    /// <summary>From the last key that is filled to the end.</summary>
    public IAsyncEnumerable<Progress> ForwardAsync(CancellationToken ct) =>
        BatchesAsync(
            UpAsync,
            (state, walked) =>
                new Step(state.Rows, Math.Max(key.Rows, state.Rows), Math.Max(0, key.Rows - state.Rows), walked),
            ct
        );

    /// <summary>From the last key that is filled down to another one; null: to the first.</summary>
    public IAsyncEnumerable<Progress> BackAsync(string? floor, CancellationToken ct) =>
        BatchesAsync(
            c => DownAsync(floor, c),
            (state, walked) => new Step(walked, walked + state.Rows, state.Rows, walked),
            ct
        );

    private async IAsyncEnumerable<Progress> BatchesAsync(
        Func<CancellationToken, Task<(BackfillState State, long Rows)?>> batch,
        Func<BackfillState, long, Step> step,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var begun = scope.Clock.GetTimestamp();
        var walked = 0L;
        while (true)
        {
            await foreach (var waiting in CatchUpAsync(ct))
                yield return Progress.Say($"waiting: {waiting}");
            var at = scope.Clock.GetTimestamp();
            if (await TryAsync(batch, ct) is not { } done)
                yield break;
            pace.Took(scope.Clock.GetElapsedTime(at));
            walked += done.Rows;
            yield return step(done.State, walked).Told(scope.Clock.GetElapsedTime(begun), pace.Rows);
            await Task.Delay(inputs.Pause, scope.Clock, ct);
        }
    }

    // A batch that lasts too long is made smaller, until it cannot be.
    private async Task<(BackfillState State, long Rows)?> TryAsync(
        Func<CancellationToken, Task<(BackfillState State, long Rows)?>> batch,
        CancellationToken ct
    )
    {
        while (true)
        {
            try
            {
                return await batch(ct);
            }
            catch (OperationException e)
                when (!ct.IsCancellationRequested
                    && e.InnerException is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
                    && pace.TooLong()
                )
            {
                // Rolled back as a whole, so that it is simply tried again.
            }
        }
    }

    private async Task<(BackfillState State, long Rows)?> UpAsync(CancellationToken ct)
    {
        await using var transaction = await BeginAsync(ct);
        var state = await ledger.LockAsync(session, ct);
        if (state.Finished)
            return null;
        var range = await key.UpAsync(session, place, state.DoneTo, state.Until!, pace.Rows, ct);
        if (range is null)
            await ledger.FinishAsync(session, ct);
        else
            await ledger.NoteAsync(session, range.Last, range.Rows, await RunAsync(inputs.Statement, range, ct), ct);
        await transaction.CommitAsync(place, CancellationToken.None);
        return range is null ? null : (state with { Rows = state.Rows + range.Rows }, range.Rows);
    }

    private async Task<(BackfillState State, long Rows)?> DownAsync(string? floor, CancellationToken ct)
    {
        await using var transaction = await BeginAsync(ct);
        var state = await ledger.LockAsync(session, ct);
        var range =
            state.DoneTo is { } from && from != floor
                ? await key.DownAsync(session, place, from, floor, pace.Rows, ct)
                : null;
        if (range is not null)
            await RunAsync(inputs.Undo!, range, ct);
        // Also where nothing was left to take back: rows may be gone, and the mark of the end must be.
        await ledger.NoteBackAsync(session, range is null ? floor : range.Below ?? floor, range?.Rows ?? 0, ct);
        await transaction.CommitAsync(place, CancellationToken.None);
        return range is null ? null : (state with { Rows = state.Rows - range.Rows }, range.Rows);
    }

    private async Task<NpgsqlTransaction> BeginAsync(CancellationToken ct)
    {
        var transaction = await Sql.TypedAsync(place, () => session.BeginTransactionAsync(ct).AsTask());
        await ledger.LimitAsync(session, ct);
        return transaction;
    }

    private Task<int> RunAsync(string statement, KeyRange range, CancellationToken ct) =>
        Sql.TypedAsync(
            $"{place}, backfill {inputs.Name}, keys {range.First} to {range.Last}",
            async () =>
            {
                // The server gives the parameters the types that the statement needs.
                await using var command = new NpgsqlCommand(statement, session)
                {
                    Parameters =
                    {
                        new NpgsqlParameter { Value = range.First, NpgsqlDbType = NpgsqlDbType.Unknown },
                        new NpgsqlParameter { Value = range.Last, NpgsqlDbType = NpgsqlDbType.Unknown },
                    },
                };
                return Math.Max(0, await command.ExecuteNonQueryAsync(ct));
            }
        );

    private IAsyncEnumerable<string> CatchUpAsync(CancellationToken ct) =>
        inputs.LagAtMost is { } most
            ? new Standbys(session, place, most, inputs.LagLimit, scope.Clock).CatchUpAsync(ct)
            : AsyncEnumerable.Empty<string>();

    /// <summary>How far a walk is.</summary>
    private sealed record Step(long Done, long Total, long Left, long Walked)
    {
        public Progress Told(TimeSpan elapsed, int next) =>
            Progress.Count(
                Done,
                Total,
                "rows",
                $"batches of {next}"
                    + (
                        Left > 0
                            ? $", about {Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(elapsed.TotalSeconds * Left / Math.Max(1, Walked))))} left"
                            : ""
                    )
            );
    }
}
