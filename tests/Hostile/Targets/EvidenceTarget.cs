using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Belay.Domain.Evidence;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>Envelopes and the statements in them: read, proven, and compared with a journal, as if the signature had been right, too.</summary>
internal sealed class EvidenceTarget : ITarget
{
    public string Name => "evidence";

    public ImmutableArray<Sample> Samples { get; } =
    [
        new("an attestation", SignedRun.Attestation),
        new("a statement", DsseEnvelope.Read(SignedRun.Attestation).Payload.ToArray()),
        .. JournalCorpus
            .All.Where((_, index) => index % 20 == 0)
            .Select(sample => new Sample($"another file: {sample.Name}", sample.Bytes)),
    ];

    public byte[] Mutate(Mutation mutation, Sample sample, Sample other)
    {
        if (!sample.Name.StartsWith("a statement", StringComparison.Ordinal))
            return mutation.OneIn(3)
                ? mutation.Text(sample.Bytes, other.Bytes)
                : mutation.Json(sample.Bytes, other.Bytes);
        var statement = mutation.Json(sample.Bytes, other.Bytes);
        var envelope = JsonNode.Parse(SignedRun.Attestation)!;
        envelope["payload"] = Convert.ToBase64String(statement);
        return Encoding.UTF8.GetBytes(envelope.ToJsonString());
    }

    public void Prepare(Sample sample, byte[] input) { }

    public bool Try(Sample sample, byte[] input)
    {
        DsseEnvelope envelope;
        RunStatement statement;
        try
        {
            envelope = DsseEnvelope.Read(input);
            statement = RunStatement.Of(envelope);
        }
        catch (BadEvidenceException)
        {
            return false;
        }
        _ = EvidenceCheck.Differences(SignedRun.Account, "", statement).Count();
        try
        {
            _ = EvidenceCheck.Prove(envelope, [SignedRun.Key]);
        }
        catch (BadEvidenceException)
        {
            // Nobody signed what was changed.
            return true;
        }
        if (!envelope.Payload.Span.SequenceEqual(DsseEnvelope.Read(SignedRun.Attestation).Payload.Span))
            throw new BrokenPromiseException("what was changed after it was signed is taken for signed");
        return true;
    }

    public void TryAtLength() { }
}
