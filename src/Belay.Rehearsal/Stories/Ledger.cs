using Belay.Domain.Journal;
using Belay.Rehearsal.Worlds;

namespace Belay.Rehearsal.Stories;

/// <summary>How each step stands by the journal, in a letter: what can matter for how a run goes on.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<string, char> steps;
    private bool isGoingBack;
    private ulong signature;

    public Ledger() => steps = new(StringComparer.Ordinal);

    private Ledger(Ledger other) =>
        (steps, isGoingBack, signature) = (
            new(other.steps, StringComparer.Ordinal),
            other.isGoingBack,
            other.signature
        );

    /// <summary>All of it as one text. A step that was taken back is as one that never began.</summary>
    public string Signature => $"{(isGoingBack ? "<" : ">")}{signature:x}";

    /// <summary>Something is half taken back, or its undo failed: a person has to go on first.</summary>
    public bool HasOpenUndo => steps.Values.Any(state => state is 'u' or '!');

    public Ledger Fork() => new(this);

    public void Add(JournalEvent happened)
    {
        if (happened is RollbackStarted)
            isGoingBack = true;
        if (happened is not StepEvent step)
            return;
        switch (happened)
        {
            case Intent:
                Put(step.Step, 'i');
                break;
            case StepDone done:
                Put(step.Step, done.AlreadyDone ? 'a' : 'd');
                break;
            case StepFailed:
                Put(step.Step, 'f');
                break;
            case StepInDoubt:
                Put(step.Step, '?');
                break;
            case UndoIntent or RestoreIntent:
                Put(step.Step, 'u');
                break;
            case UndoFailed:
                Put(step.Step, '!');
                break;
            case StepUndone or StoreRestored:
                if (steps.Remove(step.Step, out var last))
                    signature ^= Signatures.Of(step.Step, last);
                break;
        }
    }

    private void Put(string step, char state)
    {
        if (steps.TryGetValue(step, out var last))
            signature ^= Signatures.Of(step, last);
        steps[step] = state;
        signature ^= Signatures.Of(step, state);
    }
}
