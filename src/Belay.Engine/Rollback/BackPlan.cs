using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.GoingBack;
using Belay.Domain.Journal;
using Belay.Domain.Lint;
using Belay.Domain.Operations;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Rollback;

/// <summary>A way back as a plan of its own: what is done in which order, in what it ends, and what speaks against it. Made from the journal alone.</summary>
public sealed record BackPlan
{
    /// <summary>It would end in a combination of changes that was never seen working.</summary>
    public const string UnseenCode = "unseen-combination";

    /// <summary>A restore would take back what is to stand.</summary>
    public const string RestoreCode = "restore-takes-more";

    /// <summary>What is done, in this order.</summary>
    public required ImmutableArray<BackMove> Moves { get; init; }

    /// <summary>The changes that are left standing, in the order in which they were made; empty: the run is as if it had never begun.</summary>
    public required ImmutableArray<string> Left { get; init; }

    /// <summary>What speaks against it; a rollback with an error among them is refused.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>Derives the plan.</summary>
    /// <param name="reading">The run.</param>
    /// <param name="to">The step that is the last one to be undone; null: all.</param>
    /// <param name="catalog">The operations.</param>
    /// <param name="values">Where the secret values of runs lie.</param>
    public static BackPlan Of(RunReading reading, string? to, Catalog catalog, ISealedValues values) =>
        new Planner(reading, catalog, new Sealing(values, reading.Run)).Plan(to);

    private sealed class Planner(RunReading reading, Catalog catalog, Sealing sealing)
    {
        private readonly Dictionary<string, ImmutableArray<Touch>> touches = new(StringComparer.Ordinal);

        /// <summary>Which backups are restored: by an earlier part of this rollback, or by an earlier move.</summary>
        private readonly HashSet<string> restored = reading
            .Milestones.Select(entry => entry.Event)
            .OfType<StoreRestored>()
            .Select(restore => restore.Backup)
            .ToHashSet(StringComparer.Ordinal);

        public BackPlan Plan(string? to)
        {
            var way = WayBack.Of(reading, to);
            BackMove[] moves = [.. way.Steps.Select(step => Move(step, reading.Find(step.Step)!))];
            var back = way.Steps.Select(step => step.Step).ToHashSet(StringComparer.Ordinal);
            var left = reading
                .Steps.Values.Where(step => step.HasEffect && !back.Contains(step.Id))
                .OrderBy(step => step.Order)
                .ToArray();
            return new()
            {
                Moves = [.. moves],
                Left = [.. left.Select(step => step.Id)],
                Findings = [.. TakenWithIt(moves, left), .. Unseen(to, left)],
            };
        }

        private BackMove Move(WayBackStep step, StepReading known)
        {
            var covering = restored.FirstOrDefault(backup => backup == step.Backup || IsCovered(known, backup));
            if (covering is not null)
                return new BackMove.Covered(step.Step, covering);
            if (step.Reversal != Reversal.Restore)
                return new BackMove.Undo(step.Step, step.Operation);
            restored.Add(step.Backup ?? "");
            return new BackMove.Restore(step.Step, step.Backup ?? "");
        }

        /// <summary>A restore makes the undos inside its store unnecessary: of steps after the backup that altered nothing else.</summary>
        private bool IsCovered(StepReading changed, string backup)
        {
            if (reading.Find(backup) is not { Intent: not null } saved || changed.Order <= saved.Order)
                return false;
            var store = StoreOf(saved);
            var altered = Altered(changed);
            return altered.Length > 0 && altered.All(store.Contains);
        }

        private IEnumerable<Finding> TakenWithIt(BackMove[] moves, StepReading[] left) =>
            from restore in moves.OfType<BackMove.Restore>()
            let saved = reading.Find(restore.Backup)
            where saved is { Intent: not null }
            let store = StoreOf(saved)
            let taken = left.Where(step => step.Order > saved.Order && Altered(step).Any(store.Contains)).ToArray()
            where taken.Length > 0
            select new Finding
            {
                Code = RestoreCode,
                Step = restore.Step,
                Message =
                    $"restoring '{restore.Backup}' for '{restore.Step}' would take back '{taken[0].Id}' too, which is to stand",
                Hint = $"go back further: belay rollback --to {taken[0].Id}",
            };

        private IEnumerable<Finding> Unseen(string? to, StepReading[] left)
        {
            if (to is null || Combinations.WereSeen(reading, left, catalog, TouchesOf))
                yield break;
            yield return new Finding
            {
                Code = UnseenCode,
                Step = to,
                Message =
                    $"what would run once '{to}' is taken back was never seen working: no check and no soak passed on it",
                Hint = Better(to) is { } better
                    ? $"go back to what was: belay rollback --to {better}, or all the way without --to; or accept it by name: --accept-combination {to}"
                    : $"go back all the way, without --to; resume; or accept it by name: --accept-combination {to}",
            };
        }

        /// <summary>The next step further back after which there is a combination that was seen working.</summary>
        private string? Better(string to) =>
            WayBack
                .Of(reading, to: null)
                .Steps.SkipWhile(step => step.Step != to)
                .Skip(1)
                .Select(step => step.Step)
                .FirstOrDefault(step =>
                    WayBack.Of(reading, step).Never.IsEmpty
                    && LeftAfter(step) is { Length: > 0 } left
                    && Combinations.WereSeen(reading, left, catalog, TouchesOf)
                );

        private StepReading[] LeftAfter(string to)
        {
            var last = reading.Find(to)!.Order;
            return [.. reading.Steps.Values.Where(step => step.HasEffect && step.Order < last)];
        }

        private HashSet<string> StoreOf(StepReading saved) =>
            TouchesOf(saved)
                .Where(touch => touch.Kind == TouchKind.BackUp)
                .Select(touch => touch.Resource)
                .ToHashSet(StringComparer.Ordinal);

        private string[] Altered(StepReading step) =>
            [.. TouchesOf(step).Where(touch => touch.Kind != TouchKind.Read).Select(touch => touch.Resource)];

        private ImmutableArray<Touch> TouchesOf(StepReading step)
        {
            if (!touches.TryGetValue(step.Id, out var known))
                touches[step.Id] = known = Read(step.Intent!);
            return known;
        }

        private ImmutableArray<Touch> Read(Intent intent)
        {
            try
            {
                return catalog.Find(intent.Operation)?.TouchesOf(sealing.Unseal(intent.Inputs)) ?? [];
            }
            catch (Exception e) when (e is JsonException or JournalException)
            {
                return [];
            }
        }
    }
}

/// <summary>One move of a way back. A closed hierarchy; each is verified by observation when it is done.</summary>
/// <param name="Step">The change that it takes back.</param>
public abstract record BackMove(string Step)
{
    /// <summary>The change is undone, and its target observed: it must be as before.</summary>
    /// <param name="Step">The change.</param>
    /// <param name="Operation">Its operation.</param>
    public sealed record Undo(string Step, string Operation) : BackMove(Step);

    /// <summary>A backup is restored, after its loss was counted and accepted, and compared.</summary>
    /// <param name="Step">The change.</param>
    /// <param name="Backup">The step that made the backup; empty: the plan names none.</param>
    public sealed record Restore(string Step, string Backup) : BackMove(Step);

    /// <summary>Nothing is to be done: a restore took it back.</summary>
    /// <param name="Step">The change.</param>
    /// <param name="Backup">The step whose backup is restored.</param>
    public sealed record Covered(string Step, string Backup) : BackMove(Step);
}
