using System.Text;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Domain.Tests.Evidence;

/// <summary>Somebody changes a journal and computes all hashes anew: only the attestation can tell, and it says where.</summary>
public sealed class TamperTests : IDisposable
{
    private readonly SigningKey key = SigningKey.New();
    private readonly ARun run = ARun.Done();

    public void Dispose() => key.Dispose();

    [Fact]
    public void The_journal_that_was_attested_verifies() => Assert.Equal("", Verify(run));

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(24)]
    public void A_changed_event_is_named(int sequence) =>
        Assert.StartsWith(
            $"event {sequence} is not the one that was attested",
            Verify(run with { Events = run.Events.SetItem(sequence - 1, new StepStarted { Step = "other" }) }),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_changed_first_event_is_named() =>
        Assert.StartsWith(
            "event 1 is not",
            Verify(run with { Events = run.Events.SetItem(0, ARun.Started() with { By = "mallory" }) }),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_changed_last_event_is_named() =>
        Assert.StartsWith(
            "event 25 is not",
            Verify(run with { Events = run.Events.SetItem(24, new RunRolledBack()) }),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(24)]
    public void A_removed_event_is_named(int sequence) =>
        Assert.StartsWith(
            $"event {sequence} is not",
            Verify(run with { Events = run.Events.RemoveAt(sequence - 1) }),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(25)]
    public void An_added_event_is_named(int sequence) =>
        Assert.StartsWith(
            $"event {sequence} is not",
            Verify(run with { Events = run.Events.Insert(sequence - 1, new HaltRequested("mallory", "")) }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Two_events_that_changed_places_are_named()
    {
        var events = run.Events.SetItem(9, run.Events[14]).SetItem(14, run.Events[9]);
        Assert.StartsWith("event 10 is not", Verify(run with { Events = events }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "events 25 to 25")]
    [InlineData(20, "events 6 to 25")]
    public void A_tail_that_was_cut_off_is_named(int events, string said) =>
        Assert.Contains(
            $"the tail was cut off: {said}",
            Verify(run with { Events = run.Events[..^events] }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Events_added_to_a_closed_run_are_named() =>
        Assert.Contains(
            "events 26 to 26 came after it was attested: they were added to a run that was closed",
            Verify(run with { Events = run.Events.Add(new RunRolledBack()) }),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_run_that_went_on_since_is_to_be_attested_again()
    {
        var open = run with { Events = run.Events[..^1] };
        Assert.Contains("attest it again", run.Verify(open.Attest(key), key.Public), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_journal_is_found_between_two_marks()
    {
        var many = new ARun([
            ARun.Started(),
            .. Enumerable.Range(1, 9_999).Select(step => new HaltRequested("anna", $"{step}")),
        ]);
        var attestation = many.Attest(key);
        Assert.InRange(attestation.Payload.Length, 1, 150_000);

        var changed = many with { Events = many.Events.SetItem(5_000, new HaltRequested("mallory", "")) };
        Assert.StartsWith(
            "one of the events 4999 to 5001 is not",
            changed.Verify(attestation, key.Public),
            StringComparison.Ordinal
        );
        var last = many with { Events = many.Events.SetItem(9_999, new HaltRequested("mallory", "")) };
        Assert.Contains("10000", last.Verify(attestation, key.Public), StringComparison.Ordinal);
    }

    [Fact]
    public void The_attestation_of_another_run_is_told()
    {
        var other = new ARun(run.Events.SetItem(0, ARun.Started("run-2")));
        Assert.Equal(
            "it attests the run run-2, and the journal is of the run run-1",
            run.Verify(other.Attest(key), key.Public)
        );
    }

    [Fact]
    public void Another_key_is_told_and_named()
    {
        using var stranger = SigningKey.New();
        var bad = Assert.Throws<BadEvidenceException>(() => run.Verify(run.Attest(stranger), key.Public));
        Assert.Contains($"it names the key {stranger.Public.Id[..16]}", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_id_is_only_a_hint()
    {
        using var stranger = SigningKey.New();
        var envelope = run.Attest(stranger);
        var lying = envelope with { Signatures = [envelope.Signatures[0] with { KeyId = key.Public.Id }] };
        var bad = Assert.Throws<BadEvidenceException>(() => run.Verify(lying, key.Public));
        Assert.Contains("changed after it was signed", bad.Message, StringComparison.Ordinal);

        var mine = run.Attest(key);
        Assert.Equal("", run.Verify(mine with { Signatures = [mine.Signatures[0] with { KeyId = "" }] }, key.Public));
    }

    [Fact]
    public void A_changed_statement_is_told()
    {
        var envelope = run.Attest(key);
        var text = Encoding.UTF8.GetString(envelope.Payload.Span);
        foreach (var (was, now) in (ReadOnlySpan<(string, string)>)[("anna", "mary"), ("\"done\"", "\"failed\"")])
        {
            var changed = envelope with
            {
                Payload = Encoding.UTF8.GetBytes(text.Replace(was, now, StringComparison.Ordinal)),
            };
            Assert.Throws<BadEvidenceException>(() => run.Verify(changed, key.Public));
        }
    }

    [Fact]
    public void A_statement_of_another_type_is_no_attestation_of_a_run()
    {
        var other = DsseEnvelope.Sign(
            RunStatement.PayloadType,
            """{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://slsa.dev/provenance/v1"}"""u8.ToArray(),
            key
        );
        Assert.Contains(
            "slsa.dev",
            Assert.Throws<BadEvidenceException>(() => run.Verify(other, key.Public)).Message,
            StringComparison.Ordinal
        );
        var type = DsseEnvelope.Sign("text/plain", run.Attest(key).Payload.ToArray(), key);
        Assert.Throws<BadEvidenceException>(() => run.Verify(type, key.Public));
    }

    [Fact]
    public void Whoever_has_the_key_and_states_another_end_is_found_by_the_journal()
    {
        var statement = run.Account().State(run.FileHash());
        var lie = statement with { Predicate = statement.Predicate with { Outcome = RunStatus.RolledBack } };
        Assert.Contains(
            "did not tell what the journal says",
            run.Verify(lie.Sign(key), key.Public),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Bytes_beside_the_events_are_told() =>
        Assert.Contains(
            "something stands in it beside them",
            string.Join(
                "; ",
                EvidenceCheck.Differences(run.Account(), new string('1', 64), run.Account().State(run.FileHash()))
            ),
            StringComparison.Ordinal
        );

    private string Verify(ARun changed) => changed.Verify(run.Attest(key), key.Public);
}
