using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Engine.Identities;

namespace Belay.Engine.Running;

/// <summary>Directly before a change that destroys something, or that cannot be taken back exactly, the systems are compared once more: hours may have passed since the run began.</summary>
internal static class StrangerGate
{
    /// <returns>True when the change may begin; false when the course stopped.</returns>
    public static async Task<bool> OpenAsync(
        RunContext run,
        Course course,
        string step,
        OperationDefinition definition,
        JsonElement inputs,
        Reversal reversal
    )
    {
        var isFinal =
            reversal != Reversal.Exact || definition.TouchesOf(inputs).Any(touch => touch.Kind == TouchKind.Destroy);
        return !isFinal || await CompareAsync(run, course, step, definition.ConnectionsOf(inputs));
    }

    /// <summary>The same for work of which it is known already that it needs the comparison.</summary>
    public static async Task<bool> CompareAsync(
        RunContext run,
        Course course,
        string step,
        IReadOnlyCollection<string> named
    )
    {
        var compared = await new IdentityGuard(run.Parts).CompareAsync(course.Stopping);
        if (compared.ReasonsAgainst(named) is [var first, ..])
            return course.Fail(HaltCause.OtherSystem, $"'{step}' was not begun: {first}", step);
        if (compared.Account(run.Clock.GetUtcNow()) is { } account)
            run.Recorder.Note(new IdentityCompared { Step = step, Identity = account });
        return true;
    }
}
