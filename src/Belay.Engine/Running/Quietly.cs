namespace Belay.Engine.Running;

/// <summary>Waiting that a stop ends without an exception.</summary>
internal static class Quietly
{
    public static async Task DelayAsync(TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            await Task.Delay(time, clock, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The caller looks at its course.
        }
    }
}
