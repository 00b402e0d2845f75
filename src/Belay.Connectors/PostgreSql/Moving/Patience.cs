using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Waits for what replication brings about by itself, outside of freezes.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="OperationException">Transient: it did not come within a minute.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        string words,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var begun = clock.GetTimestamp();
        while (!await condition())
        {
            if (clock.GetElapsedTime(begun) > Limit)
                throw OperationException.Transient(
                    $"{words} within {Limit.TotalSeconds:0} s; the log of its server may say why"
                );
            await Task.Delay(Interval, clock, ct);
        }
    }
}
