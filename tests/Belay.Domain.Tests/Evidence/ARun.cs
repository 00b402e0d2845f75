using System.Collections.Immutable;
using System.Security.Cryptography;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Plans;

namespace Belay.Domain.Tests.Evidence;

/// <summary>The journal of a small run, and what somebody who may write the file can do to it.</summary>
internal sealed record ARun(ImmutableArray<JournalEvent> Events)
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    public static readonly Plan Plan = new()
    {
        Upgrade = "shop",
        From = "4.1.0",
        To = "4.2.0",
        Environment = "production",
        Steps = [],
    };

    /// <summary>Where the words of this run are said.</summary>
    public static FactPlace Place { get; } =
        new()
        {
            Run = "run-1",
            Environment = "production",
            PlanHash = PlanJson.Hash(Plan),
        };

    public static RunStarted Started(string run = "run-1") =>
        new()
        {
            Run = run,
            Plan = Plan,
            PlanHash = PlanJson.Hash(Plan),
            PlanFile = "/srv/upgrade.yaml",
            By = "anna",
            Host = "build-1",
            Version = "1.0.0",
        };

    public static string Covers => ApprovalCover.Hash(PlanJson.Hash(Plan), []);

    /// <summary>A run with an approval and some steps, closed.</summary>
    public static ARun Done(FactSignature? signature = null) =>
        new([
            Started(),
            new ApprovalRequested
            {
                Step = "go",
                By = "ben",
                Covers = Covers,
                Foreseen = [],
            },
            Approval() with
            {
                Signature = signature,
            },
            new StepDone { Step = "go" },
            .. Enumerable.Range(1, 20).Select(step => new StepStarted { Step = $"step-{step}" }),
            new RunDone(),
        ]);

    public static Approved Approval() =>
        new()
        {
            Step = "go",
            By = "ben",
            Covers = Covers,
        };

    /// <summary>The journal with all hashes and numbers computed anew.</summary>
    public RunAccount Account()
    {
        var account = new RunAccount();
        var previous = JournalLine.Genesis;
        foreach (var (index, happened) in Events.Index())
        {
            var (entry, line) = JournalLine.Write(index + 1, At.AddSeconds(index), 1, previous, happened);
            account.Apply(JournalLine.Read(line));
            previous = entry.Hash;
        }
        return account;
    }

    /// <summary>Stands for the hash of the file.</summary>
    public string FileHash() =>
        Convert.ToHexStringLower(SHA256.HashData([.. Account().HashStarts.SelectMany(BitConverter.GetBytes)]));

    public DsseEnvelope Attest(SigningKey key) => Account().State(FileHash()).Sign(key);

    /// <summary>What verification says of this journal with an attestation.</summary>
    public string Verify(DsseEnvelope attestation, PublicKey key) =>
        string.Join(
            "; ",
            EvidenceCheck.Differences(Account(), FileHash(), EvidenceCheck.Prove(attestation, [key]).Statement)
        );
}
