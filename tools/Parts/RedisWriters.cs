using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Belay.Parts;

/// <summary>
/// Services that write numbered keys to the server that a file names: each waits for the answer to a key, sends what got no
/// answer again, and after an error reads the file anew and connects.
/// </summary>
public sealed class RedisWriters : IAsyncDisposable
{
    private const int AtOnce = 500;
    private static readonly TimeSpan AfterAnError = TimeSpan.FromMilliseconds(1);
    private readonly CancellationTokenSource stop = new();
    private readonly RedisWritersOptions options;
    private readonly Writer[] writers;
    private readonly Task[] tasks;

    private RedisWriters(RedisWritersOptions options)
    {
        this.options = options;
        writers = [.. Enumerable.Range(0, options.Count).Select(number => new Writer(number))];
        tasks = [.. writers.Select(writer => Task.Run(() => WriteAsync(writer)))];
    }

    /// <summary>Starts them.</summary>
    public static RedisWriters Start(RedisWritersOptions options) => new(options);

    /// <summary>How many writes were acknowledged so far.</summary>
    public long Acknowledged => writers.Sum(writer => Interlocked.Read(ref writer.Acknowledged));

    /// <summary>Of each writer the longest time between two acknowledgements since <see cref="ResetGaps"/>.</summary>
    public IReadOnlyList<TimeSpan> Gaps =>
        [.. writers.Select(writer => TimeSpan.FromTicks(Interlocked.Read(ref writer.LongestGap)))];

    /// <summary>Measures gaps from now on.</summary>
    public void ResetGaps()
    {
        foreach (var writer in writers)
            Interlocked.Exchange(ref writer.LongestGap, 0);
    }

    /// <summary>Waits until every writer had some more writes acknowledged.</summary>
    /// <exception cref="TimeoutException">One did not within the limit.</exception>
    public async Task WriteMoreAsync(int each, TimeSpan limit, CancellationToken ct)
    {
        var goals = writers.Select(writer => Interlocked.Read(ref writer.Acknowledged) + each).ToArray();
        if (
            !await Poll.UntilAsync(
                () =>
                    ValueTask.FromResult(
                        writers.Zip(goals).All(pair => Interlocked.Read(ref pair.First.Acknowledged) >= pair.Second)
                    ),
                limit,
                ct
            )
        )
            throw new TimeoutException(
                $"a writer is stuck: {string.Join("; ", writers.Select(writer => $"{writer.Acknowledged} ({writer.LastError})"))}"
            );
    }

    /// <summary>Ends them; what was acknowledged can be looked up afterwards.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
    }

    /// <summary>The acknowledged keys that a server does not hold with their value.</summary>
    public async Task<IReadOnlyList<string>> LostAsync(string endpoint, CancellationToken ct)
    {
        using var wire = await RedisWire.OpenAsync(endpoint, options.Password, ct);
        var lost = new List<string>();
        foreach (var writer in writers)
        {
            var acknowledged = Interlocked.Read(ref writer.Acknowledged);
            foreach (var numbers in Enumerable.Range(0, (int)acknowledged).Chunk(AtOnce))
            {
                var values = await wire.CallAsync(ct, ["MGET", .. numbers.Select(n => writer.Key(n))]);
                lost.AddRange(numbers.Where((n, i) => values[i] != Value(n)).Select(n => writer.Key(n)));
            }
        }
        return lost;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!stop.IsCancellationRequested)
            await StopAsync();
        stop.Dispose();
    }

    private static string Value(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task WriteAsync(Writer writer)
    {
        RedisWire? wire = null;
        var answered = Stopwatch.GetTimestamp();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    wire ??= await RedisWire.OpenAsync(options.Endpoint(), options.Password, stop.Token);
                    var number = writer.Acknowledged;
                    await wire.CallAsync(stop.Token, "SET", writer.Key(number), Value(number));
                    writer.Answered(Stopwatch.GetElapsedTime(answered));
                    answered = Stopwatch.GetTimestamp();
                    await Task.Delay(options.Pause, TimeProvider.System, stop.Token);
                }
                catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
                {
                    writer.LastError = e.Message;
                    wire?.Dispose();
                    wire = null;
                    await Task.Delay(AfterAnError, TimeProvider.System, stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A write that was under way then is not acknowledged.
        }
        finally
        {
            wire?.Dispose();
        }
    }

    private sealed class Writer(int number)
    {
        public long Acknowledged;
        public long LongestGap;

        public string? LastError { get; set; }

        public string Key(long write) => string.Create(CultureInfo.InvariantCulture, $"writer:{number}:{write}");

        public void Answered(TimeSpan gap)
        {
            Interlocked.Increment(ref Acknowledged);
            if (gap.Ticks > Interlocked.Read(ref LongestGap))
                Interlocked.Exchange(ref LongestGap, gap.Ticks);
        }
    }
}

/// <summary>What services write, and where to.</summary>
public sealed record RedisWritersOptions
{
    /// <summary>How many services.</summary>
    public int Count { get; init; } = 8;

    /// <summary>Reads where the server is, <c>ADDRESS:PORT</c>; asked once for each connection.</summary>
    public required Func<string> Endpoint { get; init; }

    /// <summary>The default user's password; none by default.</summary>
    public string? Password { get; init; }

    /// <summary>How long each rests after an answer. Default 2 ms.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(2);
}
