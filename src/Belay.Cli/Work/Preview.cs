using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Belay.Connectors.Commands;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Observes the target of every change of a plan, and asks each what is left to do.</summary>
internal sealed class Preview(Workplace place, LoadResult.Loaded loaded, string planFile) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly PreviewRun run = new(
        Path.GetDirectoryName(planFile)!,
        loaded.Environment,
        new ChildProcesses(place.Clock),
        place.Clock
    );

    public async Task<ImmutableArray<ChangePreview>> AllAsync(CancellationToken ct)
    {
        var changes = ImmutableArray.CreateBuilder<ChangePreview>();
        foreach (var planned in Changes(loaded.Plan.Steps, "", ImmutableDictionary<string, JsonElement>.Empty))
            changes.Add(await OneAsync(planned, ct));
        return changes.ToImmutable();
    }

    public void Dispose() => run.Dispose();

    private static IEnumerable<PlannedChange> Changes(
        ImmutableArray<Item> items,
        string suffix,
        ImmutableDictionary<string, JsonElement> variables
    ) => items.SelectMany(item => Changes(item, suffix, variables));

    private static IEnumerable<PlannedChange> Changes(
        Item item,
        string suffix,
        ImmutableDictionary<string, JsonElement> variables
    ) =>
        item switch
        {
            DoItem change => [new(change, change.Id + suffix, variables)],
            DuringItem during =>
            [
                new(during.Condition, during.Condition.Id + suffix, variables),
                .. Changes(during.Steps, suffix, variables),
            ],
            EachItem { Over.ValueKind: JsonValueKind.Array } each => each
                .Over.EnumerateArray()
                .SelectMany(
                    (member, i) =>
                        Changes(each.Steps, $"{suffix}@{Key(member, i)}", variables.SetItem(each.Variable, member))
                ),
            _ => Changes(item.Children, suffix, variables),
        };

    private static string Key(JsonElement member, int index) =>
        member.ValueKind == JsonValueKind.String
            ? member.GetString()!
            : (index + 1).ToString(CultureInfo.InvariantCulture);

    private async Task<ChangePreview> OneAsync(PlannedChange planned, CancellationToken ct)
    {
        var preview = new ChangePreview
        {
            Step = planned.Step,
            Operation = planned.Item.Operation,
            Reversal = Boundary.ReversalOf(planned.Item, place.Catalog),
            Outlook = Outlook.Unknown,
        };
        try
        {
            var inputs = References.Resolve(planned.Item.With, reference => ValueOf(reference, planned));
            if (References.In(inputs).Select(reference => reference.ToString()).Distinct().ToArray() is [_, ..] open)
                return preview with { Outlook = Outlook.Later, Why = $"it needs {string.Join(" and ", open)}" };
            var definition = (ChangeDefinition)place.Catalog.Find(planned.Item.Operation)!;
            await using var change = definition.Create(inputs, run.ScopeOf(planned.Step));
            using var late = new CancellationTokenSource(Limit, place.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            var difference = change.Plan(await change.ObserveAsync(either.Token));
            return preview with
            {
                Outlook = difference.IsEmpty ? Outlook.Done : Outlook.Differs,
                Difference = [.. difference.Lines.Select(Clean)],
                Reversal = (Reversal)Math.Max((int)preview.Reversal, (int)difference.Reversal),
                UndoCost = Clean(difference.UndoCost),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return preview with { Why = $"no answer within {Limit.TotalSeconds} seconds" };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever an operation throws while it looks becomes a line of the preview.
            return preview with { Why = Clean(e.Message) };
        }
    }

    private JsonElement? ValueOf(Reference reference, PlannedChange planned) =>
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

    private DifferenceLine Clean(DifferenceLine line) => new(Clean(line.What)!, Clean(line.From), Clean(line.To));

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private string? Clean(string? text) =>
        text is null ? null : EventRedaction.Clean(text, [.. loaded.Environment.Revealed]);

    private sealed record PlannedChange(DoItem Item, string Step, ImmutableDictionary<string, JsonElement> Variables);
}
