using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Parking;
using Belay.Domain.Plans;
using Belay.Engine.Ports;
using Belay.Engine.Previews;
using Belay.Engine.Running;

namespace Belay.Engine.Parking;

/// <summary>Tells all that a plan, or a run under way, touches, before it touches it.</summary>
internal sealed class ReachReader
{
    private readonly Dictionary<string, TouchedResource> resources = new(StringComparer.Ordinal);
    private readonly SortedSet<string> connections = new(StringComparer.Ordinal);
    private readonly Catalog catalog;
    private readonly string folder;
    private string? untold;

    /// <param name="catalog">The operations.</param>
    /// <param name="folder">The plan's folder, against which the paths of files are meant.</param>
    private ReachReader(Catalog catalog, string folder) => (this.catalog, this.folder) = (catalog, folder);

    /// <summary>What a run touches of which only the plan is known.</summary>
    public static Reach Of(Plan plan, string planFile, string run, DateTimeOffset startedAt, Catalog catalog)
    {
        var reader = new ReachReader(catalog, Path.GetDirectoryName(planFile)!);
        reader.Add(
            plan,
            _ => null,
            (reference, place) => InputResolver.OfRun(reference, run, startedAt) ?? ValueOf(reference, place.Variables)
        );
        return reader.Read();
    }

    /// <summary>What a run under way has touched and will touch.</summary>
    public static Reach Of(RunContext run)
    {
        var reader = new ReachReader(run.Catalog, run.PlanFolder);
        reader.Add(
            run.Plan,
            loop => run.Recorder.Find(loop)?.Members,
            (reference, place) => InputResolver.Foresee(reference, run, place)
        );
        // A mend may have taken steps out of the plan; what they did stands all the same.
        foreach (var step in run.Recorder.Read(reading => reading.Steps.Values.Where(step => step.HasEffect).ToArray()))
            reader.Add(step.Id, step.Intent!.Operation, () => run.Sealing.Unseal(step.Intent.Inputs));
        return reader.Read();
    }

    private Reach Read() =>
        new()
        {
            Resources = [.. resources.Values.OrderBy(touched => touched.Resource, StringComparer.Ordinal)],
            Connections = [.. connections],
            Untold = untold,
        };

    private void Add(
        Plan plan,
        Func<string, ImmutableArray<LoopMember>?> begun,
        Func<Reference, PlannedStep, JsonElement?> valueOf
    )
    {
        foreach (var watch in plan.Watches)
            Add(
                $"watch.{watch.Name}",
                watch.Operation,
                () => References.Resolve(watch.With, reference => Secret(reference))
            );
        foreach (var step in PlannedStep.In(plan, begun))
        {
            if (step.Item is DoItem change)
                Add(step.Step, change.Operation, () => Resolved(change.With, step));
            else if (step.Item is CheckItem check)
                Add(step.Step, check.Operation, () => Resolved(check.With, step));
        }
        if (plan.AllItems().OfType<ConfirmItem>().FirstOrDefault() is { } manual)
            untold ??= $"'{manual.Id}' is done by a person";

        JsonElement Resolved(JsonElement with, PlannedStep step) =>
            References.Resolve(with, reference => Secret(reference) ?? valueOf(reference, step));
    }

    private void Add(string step, string operation, Func<JsonElement> inputsOf)
    {
        if (catalog.Find(operation) is not { } definition)
        {
            untold ??= $"there is no operation '{operation}' ('{step}')";
            return;
        }
        try
        {
            var inputs = inputsOf();
            connections.UnionWith(definition.ConnectionsOf(inputs));
            Add(step, definition.TouchesOf(inputs));
        }
        catch (Exception e) when (e is JsonException or ReferenceException or OperationException or JournalException)
        {
            untold ??= $"what '{step}' is about is known only when its turn comes";
        }
    }

    private void Add(string step, ImmutableArray<Touch> touches)
    {
        if (!touches.IsEmpty && touches.All(touch => IsCommand(touch.Resource)))
            untold ??= $"'{step}' runs a command that does not say what it touches (touches: in its inputs)";
        foreach (var touch in touches)
        {
            Add(step, touch.Resource, touch.Kind != TouchKind.Read, touch.Address);
            foreach (var used in touch.Uses.Append(touch.Copies).OfType<string>())
                Add(step, used, altered: false, address: null);
        }
    }

    private void Add(string step, string resource, bool altered, string? address)
    {
        if (resource.Contains("${", StringComparison.Ordinal))
        {
            untold ??= $"what '{step}' is about is known only when its turn comes";
            return;
        }
        var name = Absolute(resource);
        var known = resources.GetValueOrDefault(name);
        resources[name] = new TouchedResource(name, altered || known?.Altered == true)
        {
            Address = known?.Address ?? address,
        };
    }

    private static bool IsCommand(string resource) => resource.StartsWith("shell:", StringComparison.Ordinal);

    private string Absolute(string resource)
    {
        const string File = "file:";
        return resource.StartsWith(File, StringComparison.Ordinal)
            ? File + Path.GetFullPath(resource[File.Length..], folder)
            : resource;
    }

    // No resource is named by a secret, and none is read to find that out.
    private static JsonElement? Secret(Reference reference) =>
        reference.Root == Reference.Secret
            ? JsonSerializer.SerializeToElement(new Secret(EventRedaction.Mark), EngineJson.Default.Secret)
            : null;

    private static JsonElement? ValueOf(Reference reference, ImmutableDictionary<string, JsonElement> variables)
    {
        if (!variables.TryGetValue(reference.Root, out var value))
            return null;
        foreach (var name in reference.Path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }
        return value;
    }
}
