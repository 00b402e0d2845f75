using System.Runtime.CompilerServices;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Looks on while a copy is made and tells how far it is.</summary>
internal sealed class CatchingUp(ReplicateInputs inputs, IScope scope, Copying copying, Side from, Side to)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until the copy is done.</summary>
    /// <exception cref="OperationException">Outcome unknown: it was not within the time given; nothing is lost, another attempt goes on.</exception>
    public async IAsyncEnumerable<Progress> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var begun = scope.Clock.GetTimestamp();
        var (told, since) = (-1L, 0L);
        while (true)
        {
            var state = await copying.ObserveAsync(inputs, scope.Clock, ct);
            if (state.KeepsUp)
                break;
            var elapsed = scope.Clock.GetElapsedTime(begun);
            if (elapsed > inputs.AtMost)
                throw OperationException.OutcomeUnknown(await LateAsync(state, ct));
            var (done, total) = (await BytesAsync(to, ct), await BytesAsync(from, ct));
            if (told < 0)
                since = done;
            if (done != told)
            {
                told = done;
                yield return Progress.Count(
                    done,
                    Math.Max(done, total),
                    "bytes",
                    Words(state, done - since, total - done, elapsed)
                );
            }
            await Task.Delay(Interval, scope.Clock, ct);
        }
    }

    // The indexes of the copy grow with its rows, so the sizes of both sides are comparable all the time.
    private static Task<long> BytesAsync(Side side, CancellationToken ct) =>
        side.ValueAsync<long>(
            $"SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND {Catalog.UserSchemas}",
            ct
        );

    private static string Words(ReplicateState state, long copied, long left, TimeSpan elapsed) =>
        state.To.TablesReady == state.To.Tables
            ? $"catching up, {state.Behind} bytes behind"
            : $"copying, {state.To.TablesReady} of {state.To.Tables} tables done"
                + (
                    copied > 0 && left > 0
                        ? $", about {Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(elapsed.TotalSeconds * left / copied)))} left"
                        : ""
                );

    private async Task<string> LateAsync(ReplicateState state, CancellationToken ct)
    {
        // From version 15 on the server counts what went wrong; before that only its log knows.
        var failing =
            to.Version >= 150_000
            && await to.AnyAsync(
                "SELECT FROM pg_stat_subscription_stats WHERE apply_error_count + sync_error_count > 0",
                ct
            );
        return $"{to.Name} has not caught up with {from.Name} within {Duration.Format(inputs.AtMost)}: "
            + $"{state.To.TablesReady} of {state.To.Tables} tables are ready, {state.Behind} bytes behind; "
            + (failing ? "its replication fails: " : "")
            + $"the log of {to.Name}'s server says why, for example a row that does not fit, or a login that is refused";
    }
}
