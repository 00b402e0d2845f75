using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Readings;
using Belay.Engine.Previews;
using Belay.Engine.Rollback;

namespace SimulatedWorld.Lives;

/// <summary>What a person is shown of the way back before they choose it, beside what it is.</summary>
internal sealed class Previews(Stage stage)
{
    /// <returns>What is shown wrongly; null: nothing.</returns>
    public string? Wrong(string? to)
    {
        var reading = stage.Reading;
        var last = to is null ? 0 : reading.Find(to)!.Order;
        var standing = reading
            .Steps.Values.Where(step => step.HasEffect && step.Order >= last)
            .OrderByDescending(step => step.Order)
            .ToArray();
        var way = WayBack.Of(reading, to);
        var right = standing.Select(step =>
            (
                step.Id,
                step.Intent!.Operation,
                step.Intent.Reversal,
                step.Intent.Restore,
                step.Intent.Difference.UndoCost
            )
        );
        if (
            !way
                .Steps.Select(step => (step.Step, step.Operation, step.Reversal, step.Backup, step.Cost))
                .SequenceEqual(right)
        )
            return $"the way back is shown as {string.Join(", ", way.Steps)}";
        if (
            !way.Never.SequenceEqual(
                standing.Where(step => step.Intent!.Reversal == Reversal.Never).Select(step => step.Id)
            )
        )
            return $"what can never be taken back is shown as {string.Join(", ", way.Never)}";
        return WrongLoss(reading, way, standing);
    }

    private string? WrongLoss(RunReading reading, WayBack way, StepReading[] standing)
    {
        var (began, faults) = (stage.Time.GetTimestamp(), stage.World.Reached.Values.Sum());
        var preview = new LossPreview
        {
            Catalog = Toys.Catalog,
            ScopeOf = step => new Scope(stage, step),
            Sealed = stage.Store,
            Clean = text => text,
            Clock = stage.Time,
        };
        var losses = stage.Time.Run(() => preview.CountAsync(reading, way, default), TimeSpan.FromHours(3));
        var backups = standing
            .Where(step => step.Intent!.Reversal == Reversal.Restore)
            .DistinctBy(step => step.Intent!.Restore)
            .ToArray();
        if (
            !losses
                .Select(loss => (loss.Step, loss.Backup))
                .SequenceEqual(backups.Select(step => (step.Id, step.Intent!.Restore!)))
        )
            return $"the losses are shown as {string.Join(", ", losses)}";
        if (stage.Time.GetTimestamp() - began > TimeSpan.FromSeconds(30).Ticks * Math.Max(1, losses.Length))
            return "a loss took too long to be shown";
        var isFaulty = stage.World.Reached.Values.Sum() > faults;
        foreach (var loss in losses)
        {
            var isMade = reading.Find(loss.Backup) is { State: StepState.Done };
            if (loss.Loss is null == loss.Why is null || (loss.Loss is not null) != (isMade && !isFaulty))
                return $"a loss is shown as {loss}";
            if (
                loss.Loss is { } counted
                && counted.Count != (stage.World.CannotCount ? null : stage.World.Effects.Count)
            )
                return $"a loss is shown as {counted.Words}";
        }
        return null;
    }

    private sealed class Scope(Stage stage, string step) : IScope
    {
        public string RunId => Stage.Run;

        public string StepId => step;

        public string Token => step;

        public string Environment => "default";

        public string WorkingFolder => "/nowhere";

        public string PlanFolder => "/plans";

        public TimeProvider Clock => stage.Time;

        public ICommandRunner Commands => throw OperationException.Refused("no commands here");

        public JsonElement? Checkpoint => null;

        public T Connection<T>(string name)
            where T : class => stage.Systems.Connection<T>(name);
    }
}
