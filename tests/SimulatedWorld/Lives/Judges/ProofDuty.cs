using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Proofs grow old: those on which a change builds are judged again directly before it.</summary>
internal sealed class ProofDuty(Session session)
{
    private readonly List<(string Proof, long At, bool Holds)> asked = [];

    public void Asked(string proof, bool holds) => asked.Add((proof, session.Now, holds));

    public bool IsBackupTooOld(DoItem item, string suffix)
    {
        if (item.Restore is null)
            return false;
        var made = session.Reading.Find(item.Restore + suffix) ?? session.Reading.Find(item.Restore);
        return made is not null && session.Utc - made.StartedAt > (item.BackupAge ?? TimeSpan.FromHours(24));
    }

    /// <summary>A proof did not hold any more when this step was to begin.</summary>
    public bool Failed() => asked.Exists(known => !known.Holds);

    /// <summary>The step begins: the right proofs were asked just before, and held.</summary>
    public void JudgeBefore(DoItem item, string step, long since)
    {
        var fresh = asked.Where(known => known.At >= since).ToArray();
        var right = item.Operation == "toy.end" ? Right(item) : [];
        if (!right.ToHashSet().SetEquals(fresh.Select(known => known.Proof)))
            session.Accuse(
                $"{step} begins, and [{string.Join(", ", fresh)}] was proven just before, not [{string.Join(", ", right)}]"
            );
        if (fresh.Any(known => !known.Holds))
            session.Accuse($"{step} begins, and a proof does not hold");
        asked.Clear();
    }

    /// <summary>The proofs of disuse before it: of the same thing anywhere, of anything when only they and other ends stand between.</summary>
    private List<string> Right(DoItem item)
    {
        var cell = item.With.GetProperty("cell").GetString();
        var before = session.Plan.AllItems().TakeWhile(known => known.Id != item.Id).ToList();
        var ended = before
            .OfType<DoItem>()
            .Where(known => known.Operation == "toy.end")
            .Select(known => known.With.GetProperty("cell").GetString())
            .ToHashSet();
        var lastChange = before.FindLastIndex(known => known is DoItem { Operation: not "toy.end" });
        return
        [
            .. before
                .Where(
                    (known, at) =>
                        known is CheckItem { Operation: "toy.idle" } check
                        && (at > lastChange || check.With.GetProperty("cell").GetString() == cell)
                        && !ended.Contains(check.With.GetProperty("cell").GetString())
                        && session.Reading.Find(check.Id) is not null
                )
                .Select(known => known.Id),
        ];
    }
}
