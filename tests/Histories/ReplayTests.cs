using System.Collections.Frozen;
using System.Security.Cryptography;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;

namespace Histories;

/// <summary>Journals that released versions wrote, one folder a version. They are only ever added to.</summary>
public sealed class ReplayTests
{
    private static readonly string Folder = AppContext.BaseDirectory;

    public static TheoryData<string, RunStatus, int> Journals() =>
        new()
        {
            { "0.1.0/done-after-four-kills.jsonl", RunStatus.Done, 4 },
            { "0.1.0/rolled-back.jsonl", RunStatus.RolledBack, 0 },
            { "0.1.0/signed.jsonl", RunStatus.RolledBack, 1 },
        };

    [Theory]
    [MemberData(nameof(Journals))]
    public void A_journal_of_an_earlier_version_is_whole_and_says_what_it_said_then(
        string file,
        RunStatus status,
        int resumes
    )
    {
        var entries = Read(file);

        var reading = RunReading.Of(entries);

        Assert.Equal(status, reading.Status);
        Assert.Equal(resumes, entries.Count(entry => entry.Event is RunResumed));
        Assert.Equal(reading.PlanHash, PlanJson.Hash(reading.Plan!));
        Assert.All(reading.Watches.Values, watch => Assert.Equal(0, watch.Failed));
    }

    [Fact]
    public void What_stood_at_each_moment_of_an_earlier_run_can_still_be_told()
    {
        var reading = new RunReading();
        var most = 0;
        foreach (var entry in Read("0.1.0/rolled-back.jsonl"))
        {
            reading.Apply(entry);
            most = Math.Max(most, WayBack.Of(reading, to: null).Steps.Length);
        }

        Assert.InRange(most, 10, 20);
        Assert.Empty(WayBack.Of(reading, to: null).Steps);
    }

    [Fact]
    public void What_was_signed_under_an_earlier_version_still_verifies()
    {
        var key = PublicKey.Parse(File.ReadAllText(Path.Combine(Folder, "0.1.0/signed.pub")));
        var people = new Signers
        {
            Keys = new Dictionary<string, PublicKey> { ["ben"] = key }.ToFrozenDictionary(StringComparer.Ordinal),
            Required = true,
        };
        var account = new RunAccount();
        foreach (var entry in Read("0.1.0/signed.jsonl"))
            account.Apply(entry);

        var (statement, signer) = EvidenceCheck.Prove(
            DsseEnvelope.Read(File.ReadAllBytes(Path.Combine(Folder, "0.1.0/signed.attestation.json"))),
            [key]
        );
        var file = Convert.ToHexStringLower(
            SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, "0.1.0/signed.jsonl")))
        );

        Assert.Equal(key, signer);
        Assert.Empty(EvidenceCheck.Differences(account, file, statement));
        Assert.Empty(EvidenceCheck.BadWords(account, people));
        Assert.Equal(
            ["risk-acceptance", "risk-acceptance", "approval", "loss-acceptance"],
            account.Words.Facts.Select(known => known.Fact.Kind)
        );
    }

    [Fact]
    public void Every_journal_of_every_version_is_named_here() =>
        Assert.Equal(
            Directory
                .EnumerateFiles(Folder, "*.jsonl", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Folder, file))
                .Order(StringComparer.Ordinal),
            Journals().Select(row => row.Data.Item1).Order(StringComparer.Ordinal)
        );

    private static List<JournalEntry> Read(string file)
    {
        var previous = JournalLine.Genesis;
        var entries = new List<JournalEntry>();
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
        {
            var entry = JournalLine.Read(System.Text.Encoding.UTF8.GetBytes(line));
            Assert.Equal(previous, entry.Previous);
            Assert.Equal(entries.Count + 1, entry.Sequence);
            previous = entry.Hash;
            entries.Add(entry);
        }
        return entries;
    }
}
