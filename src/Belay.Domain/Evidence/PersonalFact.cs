using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Domain.Plans;

namespace Belay.Domain.Evidence;

/// <summary>What a person signs: their word, and everything that it must not be torn from. A closed hierarchy.</summary>
/// <remarks>
/// It is never stored: whoever checks a signature makes it again from the journaled event and the run, so a signature fits one
/// word in one run only. The bytes are the JSON of this record, members in the order in which they are written here, signed
/// the way DSSE signs (<see cref="DsseEnvelope.Pae"/>), so that it cannot be taken for something else that the key signed.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "fact")]
[JsonDerivedType(typeof(Approval), "approval")]
[JsonDerivedType(typeof(Confirmation), "confirmation")]
[JsonDerivedType(typeof(Resolution), "resolution")]
[JsonDerivedType(typeof(LossAcceptance), "loss-acceptance")]
[JsonDerivedType(typeof(Abandonment), "abandonment")]
[JsonDerivedType(typeof(RiskAcceptance), "risk-acceptance")]
public abstract record PersonalFact
{
    /// <summary>The payload type of the signed bytes.</summary>
    public const string PayloadType = "application/vnd.belay.fact.v1+json";

    private static readonly FactContext Context = new(BelayJson.NewOptions());

    private protected PersonalFact() { }

    /// <summary>Where it was said.</summary>
    public required FactPlace Place { get; init; }

    /// <summary>Who says it.</summary>
    public required string By { get; init; }

    /// <summary>When they signed, UTC.</summary>
    public required DateTimeOffset On { get; init; }

    /// <summary>Which kind of word it is: <c>approval</c>, <c>confirmation</c>, <c>resolution</c>, <c>loss-acceptance</c>, <c>abandonment</c> or <c>risk-acceptance</c>.</summary>
    [JsonIgnore]
    public string Kind =>
        this switch
        {
            Approval => "approval",
            Confirmation => "confirmation",
            Resolution => "resolution",
            LossAcceptance => "loss-acceptance",
            Abandonment => "abandonment",
            RiskAcceptance => "risk-acceptance",
            _ => throw new InvalidOperationException("a fact of no known kind"),
        };

    /// <summary>Signs it.</summary>
    public FactSignature Sign(SigningKey key) =>
        new()
        {
            Key = key.Public.Id,
            On = On,
            Value = Convert.ToBase64String(key.Sign(Signed)),
        };

    /// <summary>Whether the signature is one of this key under exactly this fact.</summary>
    public bool IsSigned(FactSignature signature, PublicKey key)
    {
        var bytes = new byte[signature.Value.Length];
        return signature.Key == key.Id
            && Convert.TryFromBase64String(signature.Value, bytes, out var length)
            && key.Verifies(Signed, bytes.AsSpan(0, length));
    }

    /// <summary>Whether the other is the same word, said at the same moment: the same signature fits both.</summary>
    public bool IsSame(PersonalFact other) => Signed.AsSpan().SequenceEqual(other.Signed);

    /// <summary>Signs a word that is to be said in a run now.</summary>
    /// <param name="word">The word.</param>
    /// <param name="said">The words that the journal holds already.</param>
    /// <param name="key">The key of the person.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>The signature; null when the event is no word of a person that can be signed.</returns>
    public static FactSignature? Sign(JournalEvent word, FactLog said, SigningKey key, DateTimeOffset now) =>
        Of(word, said.Place!, now)?.Sign(key);

    /// <summary>The fact that an event states; null when the event is no word of a person that can be signed.</summary>
    /// <param name="word">The event.</param>
    /// <param name="place">Where it stands, or would stand.</param>
    /// <param name="on">When it was signed; for a word without a signature when it was journaled.</param>
    public static PersonalFact? Of(JournalEvent word, FactPlace place, DateTimeOffset on) =>
        word switch
        {
            Approved e => new Approval
            {
                Place = place,
                By = e.By,
                On = on,
                Step = e.Step,
                Covers = e.Covers,
                Note = e.Note,
            },
            Confirmed e => new Confirmation
            {
                Place = place,
                By = e.By,
                On = on,
                Step = e.Step,
                Note = e.Note,
            },
            StepResolved e => new Resolution
            {
                Place = place,
                By = e.By,
                On = on,
                Step = e.Step,
                Happened = e.Happened,
                Reason = e.Reason,
            },
            RollbackStarted e when !e.AcceptedLoss.IsDefaultOrEmpty || e.AcceptedCombination is not null =>
                new LossAcceptance
                {
                    Place = place,
                    By = e.By,
                    On = on,
                    Steps = e.AcceptedLoss,
                    // Read from a journal it has another order: the signed bytes have one.
                    AtMost = (
                        e.LossAtMost ?? ImmutableSortedDictionary<string, long>.Empty
                    ).ToImmutableSortedDictionary(StringComparer.Ordinal),
                    To = e.To,
                    Combination = e.AcceptedCombination,
                },
            RunAbandoned e => new Abandonment
            {
                Place = place,
                By = e.By,
                On = on,
                Reason = e.Why,
            },
            _ => null,
        };

    /// <summary>The signature that an event carries; null when it carries none.</summary>
    public static FactSignature? SignatureOf(JournalEvent word) =>
        word switch
        {
            Approved e => e.Signature,
            Confirmed e => e.Signature,
            StepResolved e => e.Signature,
            RollbackStarted e => e.Signature,
            RunAbandoned e => e.Signature,
            _ => null,
        };

    private byte[] Signed =>
        DsseEnvelope.Pae(PayloadType, JsonSerializer.SerializeToUtf8Bytes(this, Context.PersonalFact));

    /// <summary>A step was approved.</summary>
    public sealed record Approval : PersonalFact
    {
        /// <summary>The step.</summary>
        public required string Step { get; init; }

        /// <summary>The hash of the plan and of what was shown: <see cref="ApprovalCover"/>.</summary>
        public required string Covers { get; init; }

        /// <summary>What they wrote; null: nothing.</summary>
        public string? Note { get; init; }
    }

    /// <summary>A manual step was said to be done.</summary>
    public sealed record Confirmation : PersonalFact
    {
        /// <summary>The step.</summary>
        public required string Step { get; init; }

        /// <summary>What they wrote; null: nothing.</summary>
        public string? Note { get; init; }
    }

    /// <summary>A step in doubt was said to have happened, or not.</summary>
    public sealed record Resolution : PersonalFact
    {
        /// <summary>The step.</summary>
        public required string Step { get; init; }

        /// <summary>Whether it happened.</summary>
        public required bool Happened { get; init; }

        /// <summary>How they know.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>The loss that comes with a restore was accepted, or what runs after a rollback in part.</summary>
    public sealed record LossAcceptance : PersonalFact
    {
        /// <summary>The steps at which it comes.</summary>
        public required ImmutableArray<string> Steps { get; init; }

        /// <summary>How much each of them may lose at most.</summary>
        public required ImmutableSortedDictionary<string, long> AtMost { get; init; }

        /// <summary>How far the run is taken back; null: wholly.</summary>
        public string? To { get; init; }

        /// <summary>The step after whose undoing something may run that was never seen working together; null: that was not accepted.</summary>
        public string? Combination { get; init; }
    }

    /// <summary>The run was ended as it stood.</summary>
    public sealed record Abandonment : PersonalFact
    {
        /// <summary>Why.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>A finding of lint was accepted, before any run.</summary>
    public sealed record RiskAcceptance : PersonalFact
    {
        /// <summary>The finding's code.</summary>
        public required string Code { get; init; }

        /// <summary>The finding's step.</summary>
        public required string Step { get; init; }

        /// <summary>Why that is acceptable.</summary>
        public required string Reason { get; init; }

        /// <summary>The last day (UTC) on which it counts.</summary>
        public required DateOnly Until { get; init; }
    }
}

/// <summary>What a person's word is bound to.</summary>
public sealed record FactPlace
{
    /// <summary>The run; null: it was said before any.</summary>
    public string? Run { get; init; }

    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>Which live systems the environment consists of: <see cref="Environments.EnvironmentIdentity.Hash"/>; null: none can be identified, or it was said before any run.</summary>
    public string? Identity { get; init; }

    /// <summary>The hash of the plan that ran then.</summary>
    public required string PlanHash { get; init; }

    /// <summary>Where a finding of a plan is accepted. The environment's file, which the acceptance itself stands in, is not counted into the hash; all that the plan takes from it is.</summary>
    public static FactPlace Before(Plan plan) =>
        new()
        {
            Environment = plan.Environment,
            PlanHash = PlanJson.Hash(
                plan with
                {
                    Files = [.. plan.Files.Where(file => file.Path != $"environments/{plan.Environment}.yaml")],
                }
            ),
        };
}

[JsonSerializable(typeof(PersonalFact))]
internal sealed partial class FactContext : JsonSerializerContext;
