namespace Kills;

/// <summary>Where in the life of a change a kill hit.</summary>
internal enum Window
{
    /// <summary>The intent is the last that the journal has of the step, and the target knows of nothing.</summary>
    AfterTheIntent,

    /// <summary>The effect has begun, by the target's log or the journal, and is not done by the target's log.</summary>
    DuringTheEffect,

    /// <summary>The effect is done by the target's log, and the journal has no result.</summary>
    BeforeTheResult,

    /// <summary>The journal has the intent to undo the step, and not that it was undone.</summary>
    DuringUndo,
}
