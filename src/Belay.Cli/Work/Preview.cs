using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Engine.Previews;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Observes the target of every change of a plan, and asks each what is left to do.</summary>
internal sealed class Preview(Workplace place, LoadResult.Loaded loaded, string planFile) : IDisposable
{
    private readonly PreviewRun run = new(
        Path.GetDirectoryName(planFile)!,
        loaded.Environment,
        place.Children,
        place.Clock
    );

    public Task<ImmutableArray<ForeseenChange>> AllAsync(CancellationToken ct) =>
        new Foresight
        {
            Catalog = place.Catalog,
            ScopeOf = run.ScopeOf,
            ValueOf = ValueOf,
            Clean = text => EventRedaction.Clean(text, [.. loaded.Environment.Revealed]),
            Clock = place.Clock,
        }.LookAsync(PlannedStep.In(loaded.Plan, begun: _ => null), ct);

    public void Dispose() => run.Dispose();

    private JsonElement? ValueOf(Reference reference, PlannedStep planned) =>
        reference switch
        {
            { Root: Reference.Secret } => Marked(loaded.Environment.Secret(reference.Path[0])),
            { Root: "run", Path: ["id"] } => Text(PreviewRun.Id),
            { Root: "run", Path: ["date"] } => Text(
                place.Clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            ),
            _ when planned.Variables.TryGetValue(reference.Root, out var member) => Inside(member, reference.Path),
            _ => null,
        };

    private static JsonElement? Inside(JsonElement value, ImmutableArray<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                return null;
        }
        return value;
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, CliJson.Instance.String);

    private static JsonElement Marked(string secret) =>
        JsonSerializer.SerializeToElement(new Secret(secret), CliJson.Instance.Secret);
}
