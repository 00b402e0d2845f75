namespace Belay.Rehearsal.Worlds;

/// <summary>One thing that the world knows of a subject: a member, a place on a route (<c>shop/web1</c>), a store, a step.</summary>
internal readonly record struct Cell(string Subject, Aspect Aspect)
{
    /// <summary>The cell's value in words of an operator.</summary>
    public string Words(string value) =>
        (Aspect, value) switch
        {
            (Aspect.Exists, World.Yes) => $"{Subject} runs",
            (Aspect.Exists, _) => $"{Subject} is gone",
            (Aspect.Release, _) => $"{Subject} is release {value}",
            (Aspect.Routed, World.Yes) => $"{Subject} gets traffic",
            (Aspect.Routed, _) => $"{Subject} gets no new traffic",
            (Aspect.Sessions, World.Yes) => $"{Subject} has sessions",
            (Aspect.Sessions, _) => $"{Subject} has no session left",
            (Aspect.AcceptsWrites, World.Yes) => $"{Subject} takes the writes",
            (Aspect.AcceptsWrites, _) => $"{Subject} takes no writes any more",
            (Aspect.Frozen, World.No) => $"writes to {Subject} go on",
            (Aspect.Frozen, _) => $"writes to {Subject} are frozen",
            (Aspect.Schema, _) => $"{Subject} is at schema {value}",
            (Aspect.Follows, "") => $"{Subject} copies nobody",
            (Aspect.Follows, _) => $"{Subject} copies {value}",
            (Aspect.Saved, World.Yes) => $"the backup of '{Subject}' is there",
            (Aspect.Saved, _) => $"the backup of '{Subject}' is removed",
            (Aspect.Done, World.Yes) => $"'{Subject}' did its work",
            (Aspect.Done, _) => $"the work of '{Subject}' is taken back",
            (Aspect.Astray, World.Yes) => $"a client stays behind on {Subject}",
            (Aspect.Incomplete, World.Yes) => $"the copy in {Subject} is not whole, and nothing said so",
            (Aspect.Sick, World.Yes) => $"{Subject} runs and does not answer as it should",
            _ => $"{Subject}: {Aspect} is {value}",
        };
}

/// <summary>What can be known of a subject.</summary>
internal enum Aspect
{
    /// <summary>It runs, or is there.</summary>
    Exists,

    /// <summary>The release of its code.</summary>
    Release,

    /// <summary>A place on a route gets traffic.</summary>
    Routed,

    /// <summary>Somebody has a session on a place of a route.</summary>
    Sessions,

    /// <summary>A store takes the writes of clients: it is the store of record.</summary>
    AcceptsWrites,

    /// <summary>A store refuses writes for a while; <see cref="World.BySelf"/> ends by itself.</summary>
    Frozen,

    /// <summary>The schema version of a store.</summary>
    Schema,

    /// <summary>The store that a store copies; empty: none.</summary>
    Follows,

    /// <summary>The backup that a step made is there.</summary>
    Saved,

    /// <summary>Work of which the world knows only that it was done.</summary>
    Done,

    /// <summary>A client still uses a store that the others have left.</summary>
    Astray,

    /// <summary>A copy lacks something.</summary>
    Incomplete,

    /// <summary>It runs, and does not answer as it should.</summary>
    Sick,
}
