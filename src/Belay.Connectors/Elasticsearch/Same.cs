using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Whether two indices hold the same: counts after a refresh, every id and version both ways, the content of a sample, and what searches find.</summary>
internal sealed class Same(SameInputs inputs, IScope scope) : ICheck<SameState>
{
    private const int MostNamed = 10;

    /// <summary>The definition of <c>elasticsearch.same</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<SameInputs, SameState>(
            "elasticsearch.same",
            "Checks that two indices hold the same: counts, ids, versions, contents, and what searches find",
            options => new ElasticsearchSameJson(options),
            inputs =>
                [
                    new Touch(Source(inputs), TouchKind.Read),
                    new Touch(IndexNames.Resource(inputs.Connection, inputs.To), TouchKind.Read)
                    {
                        Copies = Source(inputs),
                        Proves = Proof.Same,
                    },
                ],
            (inputs, scope) => new Same(inputs, scope),
            inputs => inputs.Problems()
        );

    /// <inheritdoc/>
    public async ValueTask<SameState> ObserveAsync(CancellationToken ct)
    {
        using var from = Transport(inputs.FromConnection ?? inputs.Connection);
        using var to = Transport(inputs.Connection);
        var (source, target) = (new SearchIndex(from, inputs.From), new SearchIndex(to, inputs.To));
        await source.RequireAsync(ct);
        await target.RequireAsync(ct);
        var counts = (Source: await source.CountAsync(ct), Target: await target.CountAsync(ct));
        var tally = new Tally(new IndexPair(source, target, scope.Clock), counts.Source, inputs.Sample);
        await tally.CountAsync(ct);
        var queries = ImmutableArray.CreateBuilder<ComparedQuery>();
        foreach (var query in inputs.Queries)
        {
            var compared = await CompareAsync(source, target, query, ct);
            queries.Add(compared);
            if (!compared.Same)
                tally.Name($"the search {compared.Query} finds something else");
        }
        var found = tally.State with
        {
            SourceDocuments = counts.Source,
            TargetDocuments = counts.Target,
            Queries = queries.ToImmutable(),
        };
        return found.Summed(inputs);
    }

    /// <inheritdoc/>
    public Verdict Judge(SameState observed)
    {
        if (observed.SourceDocuments == 0)
            return new Verdict.NotYet(
                $"{inputs.From} holds nothing: there is nothing to compare, which proves nothing"
            );
        var same =
            observed.SourceDocuments == observed.TargetDocuments
            && observed is { Missing: 0, Stray: 0, OtherVersion: 0, OtherContent: 0 }
            && observed.Queries.All(query => query.Same);
        return same
            ? Verdict.Ok
            : new Verdict.NotYet(
                $"{inputs.From} has {observed.SourceDocuments} documents and {inputs.To} {observed.TargetDocuments}: "
                    + $"{observed.Missing} missing, {observed.Stray} too many, {observed.OtherVersion} of another version, {observed.OtherContent} of another content; {string.Join("; ", observed.Differences)}"
            );
    }

    private SearchTransport Transport(string connection) =>
        new(scope.Connection<ElasticsearchSettings>(connection), scope.Clock);

    private static async Task<ComparedQuery> CompareAsync(
        SearchIndex source,
        SearchIndex target,
        JsonElement query,
        CancellationToken ct
    )
    {
        var body = JsonObject.Create(query)!;
        // Without it a count stops at 10,000.
        body["track_total_hits"] = true;
        var (left, right) = (await source.SearchAsync(body, ct), await target.SearchAsync(body, ct));
        var (a, b) = (Ids(left), Ids(right));
        var (inSource, inTarget) = (left.Number("hits", "total", "value"), right.Number("hits", "total", "value"));
        // Without a sort hits come by score, which depends on how an index is cut into shards.
        var isSorted = query.TryGetProperty("sort", out _);
        return new ComparedQuery
        {
            Query = query.GetRawText(),
            InSource = inSource,
            InTarget = inTarget,
            Listed = Math.Max(a.Length, b.Length),
            Same =
                inSource == inTarget
                && (isSorted ? a.SequenceEqual(b) : a.ToHashSet(StringComparer.Ordinal).SetEquals(b))
                && JsonElement.DeepEquals(Aggregations(left), Aggregations(right)),
        };
    }

    private static string[] Ids(JsonElement answer) =>
        [.. answer.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(hit => hit.Text("_id")!)];

    private static JsonElement Aggregations(JsonElement answer) =>
        answer.Find("aggregations") ?? JsonElement.Parse("{}");

    private static string Source(SameInputs inputs) =>
        IndexNames.Resource(inputs.FromConnection ?? inputs.Connection, inputs.From);

    /// <summary>What differs between the documents of two indices.</summary>
    private sealed class Tally(IndexPair pair, long documents, int sample)
    {
        private readonly long every = sample == 0 ? long.MaxValue : Math.Max(1, documents / sample);
        private readonly ImmutableArray<string>.Builder named = ImmutableArray.CreateBuilder<string>();
        private SameState state = new()
        {
            SourceDocuments = 0,
            TargetDocuments = 0,
            Missing = 0,
            Stray = 0,
            OtherVersion = 0,
            Sampled = 0,
            OtherContent = 0,
            Queries = [],
            Differences = [],
        };
        private long seen;

        public SameState State => state with { Differences = named.ToImmutable() };

        public async Task CountAsync(CancellationToken ct)
        {
            await foreach (var pairs in pair.PairsAsync(null, ct))
            {
                foreach (var (document, _) in pairs.Where(one => one.Target is null))
                {
                    state = state with { Missing = state.Missing + 1 };
                    Name($"{document.Id} is missing");
                }
                await VersionsAsync(pairs, ct);
                await ContentsAsync(pairs, ct);
                seen += pairs.Count;
            }
            await foreach (var stray in pair.StrayAsync(ct))
            {
                state = state with { Stray = state.Stray + stray.Count };
                foreach (var document in stray)
                    Name($"{document.Id} is not in the source");
            }
        }

        public void Name(string difference)
        {
            if (named.Count < MostNamed)
                named.Add(difference);
        }

        private async Task VersionsAsync(IReadOnlyList<(Document Source, Document? Target)> pairs, CancellationToken ct)
        {
            Document[] other =
            [
                .. pairs.Where(one => one.Target is { } t && t.Version != one.Source.Version).Select(one => one.Source),
            ];
            foreach (var (document, isSame) in other.Zip(await pair.SaySameAsync(other, ct)))
            {
                if (isSame)
                    continue;
                state = state with { OtherVersion = state.OtherVersion + 1 };
                Name($"{document.Id} has another version and content");
            }
        }

        private async Task ContentsAsync(IReadOnlyList<(Document Source, Document? Target)> pairs, CancellationToken ct)
        {
            Document[] chosen =
            [
                .. pairs
                    .Index()
                    .Where(one =>
                        (seen + one.Index) % every == 0 && one.Item.Target?.Version == one.Item.Source.Version
                    )
                    .Select(one => one.Item.Source),
            ];
            foreach (var (document, isSame) in chosen.Zip(await pair.SaySameAsync(chosen, ct)))
            {
                state = state with { Sampled = state.Sampled + 1 };
                if (isSame)
                    continue;
                state = state with { OtherContent = state.OtherContent + 1 };
                Name($"{document.Id} has another content");
            }
        }
    }
}

[JsonSerializable(typeof(SameInputs))]
[JsonSerializable(typeof(SameState))]
internal sealed partial class ElasticsearchSameJson : JsonSerializerContext;
