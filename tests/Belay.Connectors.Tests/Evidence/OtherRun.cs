using System.Text;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Plans;

namespace Belay.Connectors.Tests.Evidence;

/// <summary>A run of another environment that ended a minute ago, and its attestation.</summary>
internal sealed class OtherRun : IDisposable
{
    public SigningKey Key { get; } = SigningKey.New();

    public string Attestation(
        string to = "4.2.0",
        string environment = "staging",
        TimeSpan? age = null,
        JournalEvent? end = null,
        SigningKey? signer = null
    )
    {
        var plan = new Plan
        {
            Upgrade = "shop",
            From = "4.1.0",
            To = to,
            Environment = environment,
            Steps = [],
        };
        var account = new RunAccount();
        var (at, previous) = (TimeProvider.System.GetUtcNow() - (age ?? TimeSpan.FromMinutes(1)), JournalLine.Genesis);
        JournalEvent[] events =
        [
            new RunStarted
            {
                Run = "run-7",
                Plan = plan,
                PlanHash = PlanJson.Hash(plan),
                PlanFile = "/srv/upgrade.yaml",
                By = "anna",
                Host = "build-1",
                Version = "1.0.0",
            },
            end ?? new RunDone(),
        ];
        foreach (var (index, happened) in events.Index())
        {
            var (entry, _) = JournalLine.Write(index + 1, at, fence: 1, previous, happened);
            account.Apply(entry);
            previous = entry.Hash;
        }
        return Encoding.UTF8.GetString(account.State(new string('0', 64)).Sign(signer ?? Key).Write());
    }

    public void Dispose() => Key.Dispose();
}
