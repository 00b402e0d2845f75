using Belay.Domain.Plans;

namespace Belay.Rehearsal.Worlds;

/// <summary>Something that must never be, seen in a story.</summary>
/// <param name="Code">Which rule; stable: see the guide's page on rehearsal.</param>
/// <param name="Subject">What it is about: a route, a member, a store, a step.</param>
/// <param name="Words">What happened, in one line.</param>
/// <param name="Step">The step during which it happened; null: none.</param>
public sealed record Violation(string Code, string Subject, string Words, string? Step)
{
    /// <summary>Where the step stands in the plan files; null when it is not known.</summary>
    public SourcePosition? Source { get; init; }
}

/// <summary>The rules of the world.</summary>
public static class Rules
{
    /// <summary>A route was served by nobody.</summary>
    public const string RouteUnserved = "route-unserved";

    /// <summary>Sessions were cut: their server went away before they had ended.</summary>
    public const string SessionsCut = "sessions-cut";

    /// <summary>Code served while a store had a schema that it cannot live with.</summary>
    public const string OutsideSchemaWindow = "outside-schema-window";

    /// <summary>A member got traffic that does not answer as it should, and nobody had looked.</summary>
    public const string UnprovenMember = "unproven-member";

    /// <summary>Two stores took the writes of the same data.</summary>
    public const string TwoWriters = "two-writers";

    /// <summary>Acknowledged writes are gone, beyond what was accepted.</summary>
    public const string WritesLost = "writes-lost";

    /// <summary>Something ended while others used it.</summary>
    public const string DestroyedInUse = "destroyed-in-use";

    /// <summary>A step uses what ended before.</summary>
    public const string UsedAfterDestroy = "used-after-destroy";

    /// <summary>A store was restored from a backup that nobody had proven.</summary>
    public const string UnprovenRestore = "unproven-restore";

    /// <summary>Writes stayed frozen after the engine had stopped.</summary>
    public const string LeftFrozen = "left-frozen";

    /// <summary>A way back ended in a combination of releases, schemas and stores that never ran verified.</summary>
    public const string NeverRanTogether = "never-ran-together";

    /// <summary>Work that must not be repeated was done twice.</summary>
    public const string EffectTwice = "effect-twice";

    /// <summary>The end is neither the old release nor the new one, nor what the boundary states.</summary>
    public const string WrongEnd = "wrong-end";

    /// <summary>The plan, or its way back, does not come to its end though nothing is broken.</summary>
    public const string CannotEnd = "cannot-end";
}
