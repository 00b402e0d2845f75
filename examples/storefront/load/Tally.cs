using System.Collections.Immutable;

namespace Storefront.Load;

/// <summary>
/// Counts what happened to the users' requests. For all users at once. Every request and every failure counts from the
/// start; gaps and latencies only after a warm-up, in which the shop's code is compiled.
/// </summary>
internal sealed class Tally(TimeSpan warmUp, TimeProvider clock)
{
    private const int BucketsPerMs = 10;
    private const int Buckets = 10_000 * BucketsPerMs;
    private const int DetailedFailures = 20;

    private readonly Lock _lock = new();
    private readonly long[] _latencies = new long[Buckets + 1];
    private readonly List<string> _failures = [];
    private readonly List<PlacedOrder> _orders = [];
    private long _sent;
    private long _answered;
    private long _timed;
    private long _failed;
    private TimeSpan _longestGap;
    private DateTimeOffset _longestGapAt;
    private long _started;
    private long? _lastSuccess;
    private TimeSpan? _stoppedAfter;

    /// <summary>From here on rates are counted: all users have logged in.</summary>
    public void Start()
    {
        lock (_lock)
            _started = clock.GetTimestamp();
    }

    /// <summary>Rates and gaps count no further.</summary>
    public void Stop()
    {
        lock (_lock)
            _stoppedAfter ??= clock.GetElapsedTime(_started);
    }

    public void Sent()
    {
        lock (_lock)
            _sent++;
    }

    public void Answered(TimeSpan latency, PlacedOrder? acknowledged)
    {
        lock (_lock)
        {
            _answered++;
            if (acknowledged is not null)
                _orders.Add(acknowledged);
            if (clock.GetElapsedTime(_started) < warmUp)
                return;
            _timed++;
            _latencies[Math.Min(Buckets, (int)(latency.TotalMilliseconds * BucketsPerMs))]++;
            var now = clock.GetTimestamp();
            var gap = clock.GetElapsedTime(_lastSuccess ?? now, now);
            _lastSuccess = now;
            if (gap > _longestGap)
                (_longestGap, _longestGapAt) = (gap, clock.GetUtcNow() - gap);
        }
    }

    public void Failed(string detail)
    {
        lock (_lock)
        {
            _failed++;
            if (_failures.Count < DetailedFailures)
                _failures.Add($"{clock.GetUtcNow():HH:mm:ss.fff} {detail}");
        }
    }

    public ImmutableArray<PlacedOrder> AcknowledgedOrders()
    {
        lock (_lock)
            return [.. _orders];
    }

    public LoadReport Report()
    {
        lock (_lock)
        {
            var duration = _stoppedAfter ?? clock.GetElapsedTime(_started);
            // A gap that is still open counts too: a shop that answers nothing must not look well.
            var open = _stoppedAfter is null ? clock.GetElapsedTime(_lastSuccess ?? _started) : TimeSpan.Zero;
            return new LoadReport
            {
                Sent = _sent,
                Failed = _failed,
                Orders = _orders.Count,
                Rate = Math.Round(_answered / Math.Max(0.001, duration.TotalSeconds), 1),
                Seconds = Math.Round(duration.TotalSeconds, 1),
                LongestGapMs = Math.Round(Math.Max(open.TotalMilliseconds, _longestGap.TotalMilliseconds), 1),
                LongestGapAt = _longestGapAt,
                P50Ms = Percentile(0.5),
                P99Ms = Percentile(0.99),
                MaxMs = Percentile(1),
                Failures = [.. _failures],
            };
        }
    }

    private double Percentile(double share)
    {
        var rank = (long)Math.Ceiling(_timed * share);
        var seen = 0L;
        for (var bucket = 0; bucket < _latencies.Length; bucket++)
        {
            seen += _latencies[bucket];
            if (seen >= rank && seen > 0)
                return (bucket + 1) / (double)BucketsPerMs;
        }
        return 0;
    }
}
