using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Previews;

namespace Belay.Engine.Running;

/// <summary>Puts values in the place of the references that only the run can resolve.</summary>
internal static class InputResolver
{
    /// <summary>The inputs with every reference resolved; secrets are marked.</summary>
    /// <exception cref="OperationException">Refused: a reference has no value.</exception>
    public static JsonElement Resolve(JsonElement template, RunContext run, Course course)
    {
        try
        {
            return References.Resolve(template, reference => ValueOf(reference, run, course));
        }
        catch (ReferenceException e)
        {
            throw OperationException.Refused(e.Message, e);
        }
    }

    /// <summary>The value of a reference at a place of the plan that the run has not reached; null while it has none.</summary>
    /// <exception cref="OperationException">Refused: it never will have one.</exception>
    public static JsonElement? Foresee(Reference reference, RunContext run, PlannedStep place) =>
        reference is { Root: Reference.Steps, Path: [var step, ..] } && !IsDone(run.Find(step, place.Suffixes))
            ? null
            : ValueOf(reference, run, place.Suffixes, place.Variables);

    private static JsonElement? ValueOf(Reference reference, RunContext run, Course course) =>
        ValueOf(reference, run, course.Suffixes, course.Variables);

    private static JsonElement ValueOf(
        Reference reference,
        RunContext run,
        IEnumerable<string> suffixes,
        ImmutableDictionary<string, JsonElement> variables
    ) =>
        reference switch
        {
            { Root: Reference.Secret } => Marked(run.Environment.Secret(reference.Path[0])),
            { Root: Reference.Steps, Path: [var step, .. var path] } => run.Find(step, suffixes) is { } known
            && IsDone(known)
                ? Inside(reference, run.Sealing.Unseal(known.After!.Value), path)
                : throw OperationException.Refused($"{reference} has no value: step '{step}' is not done"),
            _ when OfRun(reference, run.Run, run.Recorder.Reading.StartedAt) is { } known => known,
            _ when variables.TryGetValue(reference.Root, out var member) => Inside(reference, member, reference.Path),
            _ => throw OperationException.Refused($"{reference} has no value"),
        };

    /// <summary>What a run says of itself; null: the reference is to something else.</summary>
    public static JsonElement? OfRun(Reference reference, string run, DateTimeOffset startedAt) =>
        reference switch
        {
            { Root: "run", Path: ["id"] } => Text(run),
            { Root: "run", Path: ["date"] } => Text(
                startedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            ),
            _ => null,
        };

    private static bool IsDone(StepReading? step) => step is { State: StepState.Done, After: not null };

    private static JsonElement Inside(Reference reference, JsonElement value, IEnumerable<string> path) =>
        path.Aggregate(
            value,
            (at, name) =>
                at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var inner) ? inner
                : at.ValueKind == JsonValueKind.Array
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < at.GetArrayLength()
                    ? at[index]
                : throw OperationException.Refused($"{reference} has no value: there is no '{name}'")
        );

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, EngineJson.Default.String);

    private static JsonElement Marked(string secret) =>
        JsonSerializer.SerializeToElement(new Secret(secret), EngineJson.Default.Secret);
}
