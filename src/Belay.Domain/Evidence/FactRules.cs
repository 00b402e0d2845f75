using Belay.Domain.Journal;

namespace Belay.Domain.Evidence;

/// <summary>Whether a person's word counts, as far as its signature goes. Pure.</summary>
public static class FactRules
{
    /// <summary>Judges a word before it is journaled.</summary>
    /// <param name="word">The word, with its signature.</param>
    /// <param name="said">The words that the journal holds already.</param>
    /// <param name="signers">The keys of the environment's people.</param>
    /// <returns>Why it does not count; null when it does.</returns>
    public static string? WhyNot(JournalEvent word, FactLog said, Signers signers)
    {
        var signature = PersonalFact.SignatureOf(word);
        if (PersonalFact.Of(word, said.Place!, signature?.On ?? default) is not { } fact)
            return null;
        return WhyNot(fact, signature, signers)
            ?? (
                signature is not null && said.Facts.Any(known => known.Fact.IsSame(fact))
                    ? "its signature was used before in this run: sign again"
                    : null
            );
    }

    /// <summary>Judges a word that a journal holds.</summary>
    /// <returns>Why it does not count; null when it does.</returns>
    public static string? WhyNot(KnownFact known, Signers signers) => WhyNot(known.Fact, known.Signature, signers);

    /// <summary>Judges a word that stands somewhere with its signature.</summary>
    /// <returns>Why it does not count; null when it does.</returns>
    public static string? WhyNot(PersonalFact fact, FactSignature? signature, Signers signers) =>
        (signature, signers.KeyOf(fact.By)) switch
        {
            (null, not null) =>
                $"it is not signed, and {fact.By} has a key in the environment's file: say --key FILE, or set BELAY_KEY",
            (null, null) => signers.Required
                ? $"it is not signed, and the environment demands signatures: {fact.By} needs a key under 'people' in its file"
                : null,
            (not null, null) => $"it is signed, and the environment's file has no key of {fact.By} under 'people'",
            var (made, key) when made.Key != key.Id =>
                $"it is signed with the key {Brief(made.Key)}, and {fact.By} has the key {Brief(key.Id)}",
            var (made, key) when !fact.IsSigned(made, key) =>
                "its signature does not fit: it was made for another run, step, plan, environment or moment, or the words were changed",
            var (made, key) => Late(made, signers.RevokedAt(key)) ?? Unnumbered(fact),
        };

    // When it was signed is what the signer's clock said: whoever stole the key sets theirs back.
    private static string? Late(FactSignature made, DateTimeOffset? revoked) =>
        made.On >= revoked
            ? $"its key was revoked on {revoked:u}, and it says itself that it was signed on {made.On:u}"
            : null;

    // Without a number the engine chooses one, which nobody signed.
    private static string? Unnumbered(PersonalFact fact) =>
        fact is PersonalFact.LossAcceptance loss
        && loss.Steps.FirstOrDefault(step => !loss.AtMost.ContainsKey(step)) is { } step
            ? $"a signed acceptance says how much may be lost: --accept-loss {step}=COUNT"
            : null;

    /// <summary>The beginning of a key's id, enough to tell it from others.</summary>
    public static string Brief(string id) => id.Length > 16 ? id[..16] : id;
}
