using System.Globalization;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

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

    private static JsonElement? ValueOf(Reference reference, RunContext run, Course course) =>
        reference switch
        {
            { Root: Reference.Secret } => Marked(run.Environment.Secret(reference.Path[0])),
            { Root: Reference.Steps, Path: [var step, .. var path] } => Output(reference, step, path, run, course),
            { Root: "run", Path: ["id"] } => Text(run.Run),
            { Root: "run", Path: ["date"] } => Text(
                run.Recorder.Reading.StartedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            ),
            _ when course.Variables.TryGetValue(reference.Root, out var member) => Inside(
                reference,
                member,
                reference.Path
            ),
            _ => throw OperationException.Refused($"{reference} has no value"),
        };

    private static JsonElement Output(
        Reference reference,
        string step,
        IEnumerable<string> path,
        RunContext run,
        Course course
    ) =>
        Find(step, run, course) is { State: StepState.Done, After: { } after }
            ? Inside(reference, run.Sealing.Unseal(after), path)
            : throw OperationException.Refused($"{reference} has no value: step '{step}' is not done");

    // A step inside a loop means the step of its own member first, then one of the loops around it.
    private static StepReading? Find(string step, RunContext run, Course? course) =>
        course is null ? null : run.Recorder.Find(course.IdOf(step)) ?? Find(step, run, course.Parent);

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
