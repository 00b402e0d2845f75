using Xunit;

namespace JournalKit;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Ends when the condition holds; fails when it does not within 30 seconds.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(since) > Limit)
                Assert.Fail($"it did not come true within {Limit.TotalSeconds} s");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }

    /// <summary>Ends when the condition holds; fails when it does not within 30 seconds.</summary>
    public static Task HoldsAsync(Func<bool> condition, CancellationToken ct) =>
        HoldsAsync(() => Task.FromResult(condition()), ct);
}
