using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What a run that goes on owes: what is done is looked at again before anything begins.</summary>
internal sealed class Resumption(Session session)
{
    private readonly HashSet<string> looked = new(StringComparer.Ordinal);
    private List<string>? standing;
    private bool hasBegun;

    /// <summary>Done changes are looked at again.</summary>
    public bool IsUnderWay =>
        session.Order is (Order.Resume or Order.Woken)
        && !hasBegun
        && (standing ??= Standing()).Exists(step => !looked.Contains(step));

    /// <summary>A done change was looked at.</summary>
    public void Looked(string step, bool drifted)
    {
        if (!standing!.Contains(step) || !looked.Add(step))
            session.Accuse($"{step} was looked at again");
        if (drifted)
            session.Add(HaltCause.Drifted, step, null, "");
    }

    /// <summary>Before each event.</summary>
    public void Written(JournalEvent happened)
    {
        if (happened is StepStarted or Intent or ApprovalRequested or ConfirmationRequested or EachStarted)
            Begin();
    }

    /// <summary>Something of the plan begins.</summary>
    public void Begin()
    {
        if (hasBegun)
            return;
        hasBegun = true;
        if (
            session.Order is Order.Resume or Order.Woken
            && (standing ??= Standing()).Find(step => !looked.Contains(step)) is { } missed
        )
            session.Accuse($"the run goes on, and {missed} was not looked at again");
    }

    /// <summary>Done changes on which nothing later of this run lies, and of whose members none has been ended.</summary>
    private List<string> Standing()
    {
        var begun = session
            .Reading.Steps.Values.Where(step => step.HasEffect)
            .Select(step =>
                (
                    Step: step,
                    Touches: Toys.Catalog.Find(step.Intent!.Operation)!.TouchesOf(session.Unsealed(step.Intent.Inputs))
                )
            )
            .ToArray();
        var members = new Members(begun.SelectMany(change => change.Touches));
        return
        [
            .. begun
                .Where(change =>
                    change.Step.State == StepState.Done
                    && !begun.Any(later =>
                        later.Step.Order > change.Step.Order && Covers(later.Touches, change.Touches, members)
                    )
                )
                .Select(change => change.Step.Id),
        ];
    }

    private static bool Covers(ImmutableArray<Touch> later, ImmutableArray<Touch> own, Members members) =>
        later.Any(touch =>
            (
                touch.Kind != TouchKind.Read
                && own.Any(old => old.Kind != TouchKind.Read && old.Resource == touch.Resource)
            )
            || (
                touch.Kind == TouchKind.Destroy
                && own.Any(old => members.Of(old.Resource) == members.Of(touch.Resource))
            )
        );
}
