using System.Net.Sockets;

namespace Storefront.Cache;

/// <summary>
/// Sends commands to the cache that the cache file names. Commands that got no answer are sent again, to whatever
/// endpoint the file names by then, until the request's deadline: a cut-over is a pause for the user, not an error.
/// This is right only for commands that may be sent twice; <see cref="SessionStore"/> has no others.
/// </summary>
internal sealed class CacheClient(CacheFile file, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int MostConnections = 64;

    private readonly SemaphoreSlim _slots = new(MostConnections);

    public async Task<IReadOnlyList<RespReply>> SendAsync(IReadOnlyList<RespCommand> commands, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        await _slots.WaitAsync(ct);
        try
        {
            while (true)
            {
                var outcome = await AttemptAsync(commands, ct);
                if (outcome is Attempt.Answered answered)
                    return answered.Replies;
                if (clock.GetElapsedTime(started) > Deadline)
                {
                    throw new CacheException(
                        $"no answer within {Deadline.TotalSeconds} s: {((Attempt.Failed)outcome).Why}"
                    );
                }
                await Task.Delay(Pause, clock, ct);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _slots.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Attempt> AttemptAsync(IReadOnlyList<RespCommand> commands, CancellationToken ct)
    {
        var target = file.Current;
        using var limit = new CancellationTokenSource(AttemptLimit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, target.Superseded, limit.Token);
        RespConnection? connection = null;
        try
        {
            connection = await target.RentAsync(stop.Token);
            var replies = await connection.SendAsync(commands, stop.Token);
            var error = replies.OfType<RespReply.Error>().FirstOrDefault();
            if (error is { IsElsewhere: true })
                return new Attempt.Failed($"{target.Endpoint} said {error.Message}");
            target.Return(connection);
            connection = null;
            return error is null ? new Attempt.Answered(replies) : throw new CacheException(error.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Attempt.Failed($"{target.Endpoint} gave no answer");
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return new Attempt.Failed($"{target.Endpoint}: {error.Message}");
        }
        finally
        {
            connection?.Dispose();
        }
    }

    private abstract record Attempt
    {
        private Attempt() { }

        internal sealed record Answered(IReadOnlyList<RespReply> Replies) : Attempt;

        internal sealed record Failed(string Why) : Attempt;
    }
}
