using Belay.Domain.Evidence;
using Belay.Domain.Journal;

namespace Belay.Engine.Running;

/// <summary>Whether a person's word counts, as far as its signature goes.</summary>
internal static class Signatures
{
    /// <returns>Why it does not count; null when it does, or is none that can be signed.</returns>
    public static string? WhyNot(JournalEvent word, RunContext run) =>
        run.Recorder.Read(reading => FactRules.WhyNot(word, FactLog.Of(reading.Milestones), run.Parts.Signers))
        ?? (
            // The journal would hold other words than those that were signed.
            PersonalFact.SignatureOf(word)
                is not null
            && !ReferenceEquals(EventRedaction.Clean(word, run.Environment.Revealed), word)
                ? "a secret of the environment stands in it: say it in other words"
                : null
        );
}
