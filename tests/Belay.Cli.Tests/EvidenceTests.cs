using System.Text;
using Belay.Domain.Journal;

namespace Belay.Cli.Tests;

/// <summary>From a key to a proven run: what a person, an auditor and somebody who forges would do.</summary>
public sealed class EvidenceTests : IDisposable
{
    /// <summary>A command that cannot be taken back, and nothing that guards it.</summary>
    private const string Unguarded = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:
          - id: send
            do: shell.run
            with: { command: [touch, sent.txt] }
        """;

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_signed_run_verifies_in_a_copied_folder_and_each_forgery_is_named()
    {
        await SignedRunAsync();
        var attested = await BelayAsync("report", "one", "--attest", "--key", "anna.pem");
        Assert.Contains("signed with the key", attested.Output, StringComparison.Ordinal);

        desk.Write("audit/journal.jsonl", await JournalAsync());
        desk.Write("audit/attestation.json", desk.Read(".belay/runs/one/attestation.json"));
        desk.Write("audit/people.yaml", desk.Read("environments/default.yaml"));
        foreach (var person in (string[])["anna", "ben"])
            desk.Write($"audit/{person}.pem.pub", desk.Read($"{person}.pem.pub"));
        Directory.Delete(desk.PathOf(".belay"), recursive: true);

        var proven = await BelayAsync("verify", "audit", "--people", "audit/people.yaml");
        Assert.Contains("attested by anna", proven.Output, StringComparison.Ordinal);
        Assert.Contains("approval by ben, signed with the key", proven.Output, StringComparison.Ordinal);
        await BelayAsync("verify", "audit", "--key", "anna.pem.pub");
        await RefusedAsync("none of the keys that count signed it", "verify", "audit", "--key", "ben.pem.pub");

        var lines = desk.Read("audit/journal.jsonl").TrimEnd('\n').Split('\n');
        await ForgedAsync(
            "line 2",
            [lines[0], lines[1].Replace("first", "fjrst", StringComparison.Ordinal), .. lines[2..]]
        );
        await ForgedAsync("lines are missing before it", [lines[0], .. lines[2..]]);
        await ForgedAsync("the line was added", [.. lines[..3], lines[2], .. lines[3..]]);
        await ForgedAsync("out of order", [lines[0], lines[2], lines[1], .. lines[3..]]);
        await ForgedAsync($"the tail was cut off: events {lines.Length} to {lines.Length}", lines[..^1]);
        await ForgedAsync(
            "something stands in it beside them",
            [.. lines[..^1], lines[^1].Replace("\"}", "\",\"note\":1}", StringComparison.Ordinal)]
        );
        await ForgedAsync("event 3 is not the one that was attested", Rehashed(lines, 3));
        await ForgedAsync($"event {lines.Length} is not the one that was attested", Rehashed(lines, lines.Length));
        desk.Write("audit/journal.jsonl", string.Join('\n', lines) + "\n");
        desk.Write("audit/attestation.json", desk.Read("audit/attestation.json")[..^40]);
        await RefusedAsync("no DSSE envelope", "verify", "audit", "--key", "anna.pem.pub");
        File.Delete(desk.PathOf("audit/attestation.json"));
        await RefusedAsync("there is no attestation.json", "verify", "audit", "--key", "anna.pem.pub");

        async Task ForgedAsync(string said, params string[] forged)
        {
            desk.Write("audit/journal.jsonl", string.Join('\n', forged) + "\n");
            await RefusedAsync(said, "verify", "audit", "--key", "anna.pem.pub");
        }
    }

    [Fact]
    public async Task Without_an_attestation_verify_says_what_it_cannot_prove()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await BelayAsync("run", "upgrade.yaml", "--run", "one");
        Assert.Contains("cannot be proven", (await BelayAsync("verify")).Output, StringComparison.Ordinal);

        var lines = (await JournalAsync()).TrimEnd('\n').Split('\n');
        desk.Write("cut.jsonl", string.Join('\n', lines[..^1]) + "\n");
        Assert.Contains(
            "that its end was not cut off cannot be proven",
            (await BelayAsync("verify", "cut.jsonl")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_attestation_of_another_run_does_not_speak_for_this_one()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await BelayAsync("init", "keys", "--key", "anna.pem");
        await BelayAsync("run", "upgrade.yaml", "--run", "one");
        await BelayAsync("report", "one", "--attest", "one.json", "--key", "anna.pem");
        File.Delete(desk.PathOf("first.txt"));
        await BelayAsync("run", "upgrade.yaml", "--run", "two");
        await RefusedAsync(
            "it attests the run one, and the journal is of the run two",
            ["verify", "two", "--attestation", "one.json", "--key", "anna.pem.pub"]
        );
        Assert.Contains(
            "was not checked",
            (await BelayAsync("verify", "two", "--attestation", "one.json")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_word_that_is_not_signed_with_the_persons_key_does_not_count_whichever_way_it_comes()
    {
        await PeopleAsync();
        desk.Write("upgrade.yaml", Plans.Approving);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        await desk.UntilJournalHasAsync("one", "approval-requested");

        await FailedAsync("it is not signed", "approve", "go", "--by", "ben");
        await FailedAsync("ben has the key", "approve", "go", "--by", "ben", "--key", "anna.pem");
        var covers = (await JournalAsync()).Split("\"covers\":\"")[1][..64];
        desk.Write(
            ".belay/runs/one/requests/0000000001-forged.json",
            $$"""{"request":"approve","by":"ben","step":"go","covers":"{{covers}}"}"""
        );
        await desk.UntilJournalHasAsync("one", "it is not signed");

        await BelayAsync("approve", "go", "--by", "ben", "--key", "ben.pem", "--note", "seen");
        Assert.Equal(0, (await Desk.EndOfAsync(run)).ExitCode);
        Assert.DoesNotContain(desk.Read("ben.pem").Split('\n')[1], await JournalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_that_was_signed_for_another_run_does_not_count()
    {
        await SignedRunAsync();
        var signed = (await JournalAsync())
            .Split('\n')
            .Single(line => line.Contains("\"approved\"", StringComparison.Ordinal));
        File.Delete(desk.PathOf("first.txt"));
        File.Delete(desk.PathOf("second.txt"));
        using var run = desk.Start("run", "upgrade.yaml", "--run", "two", "--by", "anna");
        await desk.UntilJournalHasAsync("two", "approval-requested");
        var signature = "{" + signed.Split("\"signature\":{")[1].Split('}')[0] + "}";
        var covers = signed.Split("\"covers\":\"")[1][..64];
        desk.Write(
            ".belay/runs/two/requests/0000000001-replayed.json",
            $$"""{"request":"approve","by":"ben","note":"seen","step":"go","covers":"{{covers}}","signature":{{signature}}}"""
        );
        await desk.UntilJournalHasAsync("two", "its signature does not fit");
        await BelayAsync("halt", "two");
        await Desk.EndOfAsync(run);

        await FailedAsync("it is not signed", "abandon", "two", "--reason", "enough", "--by", "ben");
        await BelayAsync("abandon", "two", "--reason", "enough", "--by", "ben", "--key", "ben.pem");
    }

    [Fact]
    public async Task An_environment_that_demands_signatures_takes_nobody_at_their_word()
    {
        desk.Write("environments/default.yaml", "policies: { signatures: required }\n");
        desk.Write("upgrade.yaml", Plans.Confirming);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        await desk.UntilJournalHasAsync("one", "confirmation-requested");
        await FailedAsync("carl needs a key under 'people'", "confirm", "look", "--by", "carl");
        await BelayAsync("halt", "one");
        await Desk.EndOfAsync(run);
        desk.Write("environments/default.yaml", "policies: { signatures: perhaps }\n");
        var wrong = await desk.BelayAsync("lint", "upgrade.yaml");
        Assert.Contains("default.yaml:1:25: expected required", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accepted_finding_counts_only_with_the_signature_of_who_accepts_it_for_this_plan()
    {
        await PeopleAsync();
        var people = desk.Read("environments/default.yaml");
        desk.Write("upgrade.yaml", Unguarded);
        const string Unsigned = "code: never-unguarded, step: send, by: ben, reason: a note, until: 2099-12-31";
        desk.Write("environments/default.yaml", $"{people}\naccept:\n  - {{ {Unsigned} }}\n");
        var unsigned = await desk.BelayAsync("lint", "upgrade.yaml");
        Assert.True(
            unsigned.ExitCode == 3
                && unsigned.Output.Contains("by ben does not count: it is not signed", StringComparison.Ordinal),
            unsigned.ToString()
        );

        desk.Write("environments/default.yaml", people);
        string[] accept =
        [
            "accept",
            "upgrade.yaml",
            "never-unguarded",
            "send",
            "--reason",
            "a note",
            "--until",
            "2099-12-31",
        ];
        var entry = await BelayAsync([.. accept, "--by", "ben", "--key", "ben.pem"]);
        desk.Write("environments/default.yaml", $"{people}\naccept:\n{entry.Output.Split('\n')[1]}\n");
        await BelayAsync("lint", "upgrade.yaml");

        desk.Write("upgrade.yaml", Unguarded.Replace("to: 1.1.0", "to: 1.1.1", StringComparison.Ordinal));
        var other = await desk.BelayAsync("lint", "upgrade.yaml");
        Assert.True(
            other.ExitCode == 3 && other.Output.Contains("its signature does not fit", StringComparison.Ordinal),
            other.ToString()
        );
    }

    [Fact]
    public async Task A_revoked_key_counts_for_what_was_signed_before_and_for_nothing_after()
    {
        await SignedRunAsync();
        await BelayAsync("report", "one", "--attest", "--key", "ben.pem");
        var people = desk.Read("environments/default.yaml");

        desk.Write("environments/default.yaml", Revoked("2099-01-01"));
        var before = await BelayAsync("verify", "one", "--people", "environments/default.yaml");
        Assert.Contains("claimed by the journal's times, not proven", before.Output, StringComparison.Ordinal);
        Assert.Contains("before that key was revoked on 2099-01-01", before.Output, StringComparison.Ordinal);

        desk.Write("environments/default.yaml", Revoked("2020-01-01T00:00Z"));
        await RefusedAsync(
            "whose key was revoked on 2020-01-01",
            "verify",
            "one",
            "--people",
            "environments/default.yaml"
        );
        File.Delete(desk.PathOf(".belay/runs/one/attestation.json"));
        await RefusedAsync(
            "approval by ben: its key was revoked on 2020-01-01",
            "verify",
            "one",
            "--people",
            "environments/default.yaml"
        );

        foreach (var file in (string[])["first.txt", "second.txt"])
            File.Delete(desk.PathOf(file));
        using var run = desk.Start("run", "upgrade.yaml", "--run", "two", "--by", "anna");
        await desk.UntilJournalHasAsync("two", "approval-requested");
        await FailedAsync("its key was revoked", "approve", "go", "--by", "ben", "--key", "ben.pem");
        await BelayAsync("halt", "two");
        await Desk.EndOfAsync(run);

        desk.Write("environments/default.yaml", Revoked("yesterday"));
        var wrong = await desk.BelayAsync("lint", "upgrade.yaml");
        Assert.Contains("expected a day such as 2027-01-31", wrong.Error, StringComparison.Ordinal);

        string Revoked(string since) =>
            people.Replace("key: ben.pem.pub", $"key: ben.pem.pub, revoked: {since}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_waits_for_the_attested_run_of_another_environment()
    {
        desk.Write("environments/staging.yaml", "values: {}\n");
        desk.Write("upgrade.yaml", Plans.Good);
        await BelayAsync("init", "keys", "--key", "anna.pem");
        desk.Write(
            "production.yaml",
            """
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: staged
                check: evidence.attested
                with: { file: staging.json, key: anna.pem.pub, upgrade: shop, environment: staging, to: "${to}", at-most: 30d }
              - id: live
                do: files.write
                with: { path: live.txt, content: "${to}" }
            """
        );
        var missing = await desk.BelayAsync("run", "production.yaml", "--run", "early");
        Assert.True(
            missing.ExitCode != 0 && missing.Output.Contains("staging.json cannot be read", StringComparison.Ordinal),
            missing.ToString()
        );

        await BelayAsync("run", "upgrade.yaml", "--env", "staging", "--run", "staged");
        await BelayAsync("report", "staged", "--attest", "staging.json", "--key", "anna.pem");
        await BelayAsync("run", "production.yaml", "--run", "late");
        Assert.True(desk.Has("live.txt"));
    }

    [Fact]
    public async Task A_key_is_made_once_and_is_its_owners_alone()
    {
        await BelayAsync("init");
        var path = desk.PathOf(".belay/key.pem");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var key = desk.Read(".belay/key.pem");
        var again = await BelayAsync("init");
        Assert.Contains("BEGIN PUBLIC KEY", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", again.Output, StringComparison.Ordinal);
        Assert.Equal(key, desk.Read(".belay/key.pem"));

        desk.Write("upgrade.yaml", Plans.Good);
        await BelayAsync("run", "upgrade.yaml", "--run", "one");
        await BelayAsync("report", "one", "--attest");
        await BelayAsync("verify", "one", "--key", ".belay/key.pem.pub");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var open = await desk.BelayAsync("report", "one", "--attest");
        Assert.True(open.ExitCode == 64 && open.Error.Contains("chmod 600", StringComparison.Ordinal), open.ToString());
    }

    [Fact]
    public async Task Bad_keys_of_people_are_told_with_their_place()
    {
        await BelayAsync("init", "keys", "--key", "anna.pem");
        desk.Write("upgrade.yaml", Plans.Good);
        desk.Write(
            "environments/default.yaml",
            """
            people:
              anna: { key: anna.pem }
              ben: { key: missing.pub }
              carl: { kee: anna.pem.pub }
              dora: { key: anna.pem.pub }
              emil: { key: anna.pem.pub }
            """
        );
        var ended = await desk.BelayAsync("lint", "upgrade.yaml");
        Assert.Equal(64, ended.ExitCode);
        foreach (
            var said in (string[])
                [
                    "environments/default.yaml:2:16: it is a private key",
                    "environments/default.yaml:3:15: cannot read 'missing.pub'",
                    "environments/default.yaml:4:",
                    "environments/default.yaml:6:3: 'emil' has the key of 'dora'",
                ]
        )
            Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(desk.Read("anna.pem").Split('\n')[1], ended.Error, StringComparison.Ordinal);
    }

    /// <summary>Anna and Ben have keys, and Ben is the release manager.</summary>
    private async Task PeopleAsync()
    {
        foreach (var person in (string[])["anna", "ben"])
            await BelayAsync("init", "keys", "--key", $"{person}.pem");
        desk.Write(
            "environments/default.yaml",
            """
            roles: { release-manager: [ben] }
            people:
              anna: { key: anna.pem.pub }
              ben: { key: ben.pem.pub }
            """
        );
    }

    private async Task SignedRunAsync()
    {
        await PeopleAsync();
        desk.Write("upgrade.yaml", Plans.Approving);
        using var run = desk.Start("run", "upgrade.yaml", "--run", "one", "--by", "anna");
        await desk.UntilJournalHasAsync("one", "approval-requested");
        await BelayAsync("approve", "go", "--by", "ben", "--key", "ben.pem", "--note", "seen");
        Assert.Equal(0, (await Desk.EndOfAsync(run)).ExitCode);
    }

    /// <summary>A forger who changes one event and computes all hashes from there on.</summary>
    private static string[] Rehashed(string[] lines, int sequence)
    {
        var forged = lines[..(sequence - 1)].ToList();
        var previous = JournalLine.Read(Encoding.UTF8.GetBytes(forged[^1])).Hash;
        foreach (var line in lines[(sequence - 1)..])
        {
            var entry = JournalLine.Read(Encoding.UTF8.GetBytes(line));
            var (at, happened) =
                entry.Sequence == sequence ? (entry.At.AddSeconds(1), entry.Event) : (entry.At, entry.Event);
            var (written, bytes) = JournalLine.Write(entry.Sequence, at, entry.Fence, previous, happened);
            forged.Add(Encoding.UTF8.GetString(bytes));
            previous = written.Hash;
        }
        return [.. forged];
    }

    private Task<string> JournalAsync(string run = "one") =>
        File.ReadAllTextAsync(desk.JournalOf(run), TestContext.Current.CancellationToken);

    private async Task<Ended> BelayAsync(params string[] words)
    {
        var ended = await desk.BelayAsync(words);
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', words)}: {ended}");
        return ended;
    }

    private Task RefusedAsync(string said, params string[] words) => EndsAsync(3, said, words);

    private Task FailedAsync(string said, params string[] words) => EndsAsync(1, said, words);

    private async Task EndsAsync(int code, string said, string[] words)
    {
        var ended = await desk.BelayAsync(words);
        Assert.True(
            ended.ExitCode == code && ended.Error.Contains(said, StringComparison.Ordinal),
            $"{string.Join(' ', words)} should say '{said}': {ended}"
        );
    }
}
