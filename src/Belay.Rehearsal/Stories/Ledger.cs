using Belay.Domain.Journal;

namespace Belay.Rehearsal.Stories;

/// <summary>How each step stands by the journal, in a letter: what can matter for how a run goes on.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<string, char> steps;
    private bool isGoingBack;
    private string? signature;

    public Ledger() => steps = new(StringComparer.Ordinal);

    private Ledger(Ledger other) =>
        (steps, isGoingBack) = (new(other.steps, StringComparer.Ordinal), other.isGoingBack);

    /// <summary>All of it as one text. A step that was taken back is as one that never began.</summary>
    public string Signature =>
        signature ??=
            (isGoingBack ? "back " : "")
            + string.Join(
                ' ',
                steps.OrderBy(step => step.Key, StringComparer.Ordinal).Select(step => step.Key + step.Value)
            );

    /// <summary>Something is half taken back, or its undo failed: a person has to go on first.</summary>
    public bool HasOpenUndo => steps.Values.Any(state => state is 'u' or '!');

    public Ledger Fork() => new(this);

    public void Add(JournalEvent happened)
    {
        if (happened is RollbackStarted)
            (isGoingBack, signature) = (true, null);
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
                steps.Remove(step.Step);
                signature = null;
                break;
        }
    }

    private void Put(string step, char state)
    {
        steps[step] = state;
        signature = null;
    }
}
