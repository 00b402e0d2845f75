namespace Belay.Views.Timelines;

/// <summary>A time during which a step was at work.</summary>
/// <param name="From">When it began, UTC.</param>
/// <param name="To">When it ended, UTC; for what is still under way the time of the last event.</param>
/// <param name="Kind">What it was at.</param>
/// <param name="End">How it ended.</param>
public sealed record Span(DateTimeOffset From, DateTimeOffset To, SpanKind Kind, SpanEnd End)
{
    /// <summary>How long it took. Zero when the clock was set back meanwhile.</summary>
    public TimeSpan Length => To > From ? To - From : TimeSpan.Zero;
}

/// <summary>What a step was at.</summary>
public enum SpanKind
{
    /// <summary>A change was applied.</summary>
    Change,

    /// <summary>A check was asked.</summary>
    Check,

    /// <summary>A soak: waiting while the watches hold.</summary>
    Soak,

    /// <summary>Waiting for a person.</summary>
    Wait,

    /// <summary>A change was taken back.</summary>
    Undo,
}

/// <summary>How a time of work ended.</summary>
public enum SpanEnd
{
    /// <summary>As it should.</summary>
    Good,

    /// <summary>Failed, or in doubt.</summary>
    Bad,

    /// <summary>Stopped by a halt, or its engine died.</summary>
    Cut,

    /// <summary>It is under way.</summary>
    Open,
}
