namespace Belay.ElasticsearchStandIn;

/// <summary>When the stand-in behaves badly: at moments that come from a seed.</summary>
internal sealed class Faults(int seed, int oneIn)
{
    // Of the lines of a bulk request: some are turned away while others are written.
    private const int LinesOneIn = 40;
    private static readonly Fault[] Kinds =
    [
        Fault.Rejected,
        Fault.RejectedForAWhile,
        Fault.Unavailable,
        Fault.AnswerLost,
    ];
    private readonly Lock gate = new();
    private readonly Random random = new(seed);

    public int Count { get; private set; }

    public Fault Next()
    {
        lock (gate)
        {
            if (oneIn == 0 || random.Next(oneIn) > 0)
                return Fault.None;
            Count++;
            return Kinds[random.Next(Kinds.Length)];
        }
    }

    /// <summary>Whether a line of a bulk request is turned away.</summary>
    public bool TurnsAwayLine()
    {
        lock (gate)
            return oneIn > 0 && random.Next(LinesOneIn) == 0;
    }
}

/// <summary>How a request fares.</summary>
internal enum Fault
{
    /// <summary>It is answered.</summary>
    None,

    /// <summary>A queue is full: 429, <c>es_rejected_execution_exception</c> (https://www.elastic.co/guide/en/elasticsearch/reference/8.15/rejected-requests.html).</summary>
    Rejected,

    /// <summary>The same, with <c>Retry-After</c>, as gateways say it.</summary>
    RejectedForAWhile,

    /// <summary>503, before anything was done.</summary>
    Unavailable,

    /// <summary>503 from a proxy, after it was done.</summary>
    AnswerLost,
}
