using System.Collections.Frozen;
using System.Collections.Immutable;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;

namespace Belay.Domain.Tests.Evidence;

/// <summary>A signature fits one word of one person in one run, and nothing else.</summary>
public sealed class FactTests : IDisposable
{
    private readonly SigningKey key = SigningKey.New();
    private readonly Signers signers;

    public FactTests() => signers = Of(("ben", key.Public));

    public void Dispose() => key.Dispose();

    [Fact]
    public void A_signed_word_counts_and_stands_in_a_journal_that_verifies()
    {
        var signed = Sign(ARun.Approval());
        Assert.Null(WhyNot(signed));
        Assert.Empty(EvidenceCheck.BadWords(ARun.Done(signed.Signature).Account(), signers));
    }

    [Fact]
    public void An_unsigned_word_counts_only_of_people_without_a_key()
    {
        Assert.Contains("it is not signed", WhyNot(ARun.Approval()), StringComparison.Ordinal);
        Assert.Null(FactRules.WhyNot(ARun.Approval(), Log(), Signers.None));
        Assert.Contains(
            "demands signatures",
            FactRules.WhyNot(ARun.Approval(), Log(), Signers.None with { Required = true }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "event 3, approval by ben: it is not signed",
            Assert.Single(EvidenceCheck.BadWords(ARun.Done().Account(), signers)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_signature_that_nobody_can_check_does_not_count() =>
        Assert.Contains(
            "no key of ben",
            FactRules.WhyNot(Sign(ARun.Approval()), Log(), Signers.None),
            StringComparison.Ordinal
        );

    [Fact]
    public void Another_persons_key_does_not_speak_for_them()
    {
        using var other = SigningKey.New();
        var signed = ARun.Approval() with { Signature = PersonalFact.Sign(ARun.Approval(), Log(), other, ARun.At) };
        Assert.Contains("it is signed with the key", WhyNot(signed), StringComparison.Ordinal);
        var lying = signed with { Signature = signed.Signature! with { Key = key.Public.Id } };
        Assert.Contains("does not fit", WhyNot(lying), StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_does_not_fit_another_run_environment_identity_plan_step_cover_note_moment_or_kind()
    {
        var signed = Sign(ARun.Approval());
        var signature = signed.Signature!;
        FactPlace[] places =
        [
            ARun.Place with
            {
                Run = "run-2",
            },
            ARun.Place with
            {
                Environment = "staging",
            },
            ARun.Place with
            {
                Identity = "7301",
            },
            ARun.Place with
            {
                PlanHash = new string('0', 64),
            },
        ];
        Assert.True(PersonalFact.Of(signed, ARun.Place, signature.On)!.IsSigned(signature, key.Public));
        Assert.All(
            places,
            place => Assert.False(PersonalFact.Of(signed, place, signature.On)!.IsSigned(signature, key.Public))
        );
        JournalEvent[] others =
        [
            signed with
            {
                Step = "gone",
            },
            signed with
            {
                Covers = new string('0', 64),
            },
            signed with
            {
                Note = "all of it",
            },
            signed with
            {
                Signature = signature with { On = signature.On.AddTicks(1) },
            },
            new Confirmed
            {
                Step = "go",
                By = "ben",
                Signature = signature,
            },
        ];
        Assert.All(others, other => Assert.Contains("does not fit", WhyNot(other), StringComparison.Ordinal));
    }

    [Fact]
    public void A_signature_that_was_used_in_the_run_does_not_count_again()
    {
        var signed = Sign(ARun.Approval());
        var log = ARun.Done(signed.Signature).Account().Words;
        Assert.Contains("used before", FactRules.WhyNot(signed, log, signers), StringComparison.Ordinal);
        var twice = new ARun(ARun.Done(signed.Signature).Events.Insert(4, signed));
        Assert.Contains(
            "event 5, approval by ben: its signature stands in the journal twice",
            EvidenceCheck.BadWords(twice.Account(), signers)
        );
    }

    [Fact]
    public void Each_kind_of_word_is_signed_and_bound()
    {
        JournalEvent[] words =
        [
            new Confirmed { Step = "look", By = "ben" },
            new StepResolved
            {
                Step = "send",
                By = "ben",
                Happened = true,
                Reason = "seen",
            },
            Loss(3),
            new RunAbandoned("ben", "enough"),
        ];
        foreach (var word in words)
        {
            Assert.Contains("it is not signed", WhyNot(word), StringComparison.Ordinal);
            Assert.Null(WhyNot(Sign(word)));
        }
        var resolved = (StepResolved)Sign(words[1]);
        Assert.Contains("does not fit", WhyNot(resolved with { Happened = false }), StringComparison.Ordinal);
        var loss = (RollbackStarted)Sign(words[2]);
        Assert.Contains(
            "does not fit",
            WhyNot(loss with { AcceptedLoss = ["migrate", "send"] }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "does not fit",
            WhyNot(loss with { LossAtMost = Loss(4).LossAtMost }),
            StringComparison.Ordinal
        );
        Assert.Contains("migrate=COUNT", WhyNot(Sign(Loss(null))), StringComparison.Ordinal);
        Assert.Null(WhyNot(new RollbackStarted { By = "ben" }));
    }

    [Fact]
    public void A_mend_of_the_plan_moves_the_place_of_later_words()
    {
        var signed = (Confirmed)Sign(new Confirmed { Step = "look", By = "ben" });
        var mended = new ARun([
            ARun.Started(),
            new RunResumed
            {
                By = "anna",
                Host = "h",
                Version = "1",
                Plan = ARun.Plan,
                PlanHash = new string('1', 64),
            },
            signed,
        ]);
        Assert.Contains(
            "does not fit",
            Assert.Single(EvidenceCheck.BadWords(mended.Account(), signers)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_approval_of_something_else_than_what_was_shown_is_told()
    {
        var shown = (ApprovalRequested)ARun.Done().Events[1];
        var other = new ARun(ARun.Done().Events.SetItem(1, shown with { Covers = new string('2', 64) }));
        Assert.Equal(2, EvidenceCheck.BadWords(other.Account(), Signers.None).Count());
    }

    private static RollbackStarted Loss(long? most) =>
        new()
        {
            By = "ben",
            AcceptedLoss = ["migrate"],
            LossAtMost = most is { } count
                ? ImmutableSortedDictionary<string, long>.Empty.Add("migrate", count)
                : ImmutableSortedDictionary<string, long>.Empty,
        };

    private static Signers Of(params (string Name, PublicKey Key)[] people) =>
        new() { Keys = people.ToFrozenDictionary(one => one.Name, one => one.Key) };

    private static FactLog Log() => new ARun([ARun.Started()]).Account().Words;

    private T Sign<T>(T word)
        where T : JournalEvent
    {
        var signature = PersonalFact.Sign(word, Log(), key, ARun.At);
        return (T)
            (JournalEvent)(
                word switch
                {
                    Approved e => e with { Signature = signature },
                    Confirmed e => e with { Signature = signature },
                    StepResolved e => e with { Signature = signature },
                    RollbackStarted e => e with { Signature = signature },
                    RunAbandoned e => e with { Signature = signature },
                    _ => throw new ArgumentOutOfRangeException(nameof(word)),
                }
            );
    }

    private string? WhyNot(JournalEvent word) => FactRules.WhyNot(word, Log(), signers);
}
