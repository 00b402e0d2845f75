namespace Belay.Domain.Evidence;

/// <summary>What is wrong with a run's evidence. Pure: needs the journal's events, the attestation and public keys, and nothing else.</summary>
public static class EvidenceCheck
{
    /// <summary>Proves the signature of an attestation, and reads what was signed.</summary>
    /// <param name="envelope">The attestation.</param>
    /// <param name="trusted">The keys whose word counts.</param>
    /// <returns>The statement and the key that signed it.</returns>
    /// <exception cref="BadEvidenceException">None of the keys signed it, or it states something else than a run.</exception>
    public static (RunStatement Statement, PublicKey Signer) Prove(
        DsseEnvelope envelope,
        IReadOnlyCollection<PublicKey> trusted
    )
    {
        if (envelope.SignerAmong(trusted) is { } signer)
            return (RunStatement.Of(envelope), signer);
        var named = envelope.Signatures.FirstOrDefault(one => trusted.Any(key => key.Id == one.KeyId));
        throw new BadEvidenceException(
            named is null
                ? $"none of the keys that count signed it; it names the key {FactRules.Brief(envelope.Signatures[0].KeyId)}, and those that count are {string.Join(", ", trusted.Select(key => FactRules.Brief(key.Id)))}"
                : $"it names the key {FactRules.Brief(named.KeyId)}, and that key did not sign this: it was changed after it was signed"
        );
    }

    /// <summary>What in a journal is otherwise than it was attested.</summary>
    /// <param name="account">The journal, its chain proven.</param>
    /// <param name="journalSha256">SHA-256, lower-case hex, of its file up to the end of its last event.</param>
    /// <param name="statement">The statement, its signature proven.</param>
    /// <returns>A line for each thing; none: the journal is the one that was attested.</returns>
    public static IEnumerable<string> Differences(RunAccount account, string journalSha256, RunStatement statement)
    {
        var (reading, attested) = (account.Reading, statement.Predicate);
        if (attested.Run != reading.Run)
        {
            yield return $"it attests the run {attested.Run}, and the journal is of the run {reading.Run}";
            yield break;
        }
        var closed = attested.EndedOn is not null;
        if (attested.Journal.Difference(account.HashStarts, reading.Hash, closed) is { } difference)
        {
            yield return difference;
            yield break;
        }
        if (statement.DigestOf(RunStatement.JournalSubject) != journalSha256)
            yield return "the events are those that were attested, and the file is not: something stands in it beside them";
        if (statement.DigestOf(RunStatement.PlanSubject) != reading.PlanHash)
            yield return "it names another plan than the journal: whoever signed it did not tell what the journal says";
        if (attested.Outcome != reading.Status)
            yield return $"it says that the run is {attested.Outcome}, and the journal says {reading.Status}: whoever signed it did not tell what the journal says";
    }

    /// <summary>What is wrong with the words of people in a journal.</summary>
    /// <param name="account">The journal, its chain proven.</param>
    /// <param name="signers">The keys that count.</param>
    /// <returns>A line for each word that does not count.</returns>
    public static IEnumerable<string> BadWords(RunAccount account, Signers signers)
    {
        foreach (var (known, earlier) in account.Words.Facts.Select((known, i) => (known, account.Words.Facts.Take(i))))
        {
            var why =
                FactRules.WhyNot(known, signers)
                ?? (
                    known.Signature is not null
                    && known.Fact is not PersonalFact.RiskAcceptance
                    && earlier.Any(one => one.Fact.IsSame(known.Fact))
                        ? "its signature stands in the journal twice"
                        : null
                );
            if (why is not null)
                yield return $"event {known.Sequence}, {known.Fact.Kind} by {known.Fact.By}: {why}";
        }
        foreach (var problem in account.BadCovers)
            yield return problem;
    }
}
