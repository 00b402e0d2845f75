using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Which index to make, and how. Mappings and settings come from a file or stand here, never from another index: a reindex copies neither.</summary>
public sealed record CreateIndexInputs
{
    /// <summary>The cluster.</summary>
    [Connection("elasticsearch")]
    public required string Connection { get; init; }

    /// <summary>The name of the index. There may be none of this name yet.</summary>
    public required string Index { get; init; }

    /// <summary>A JSON file with <c>mappings</c> and <c>settings</c>, as the request to create an index has them.</summary>
    [FileInput]
    public string? File { get; init; }

    /// <summary>The mappings, in place of the file's.</summary>
    public JsonElement? Mappings { get; init; }

    /// <summary>The settings, in place of the file's.</summary>
    public JsonElement? Settings { get; init; }
}

/// <summary>What there is of the index.</summary>
public sealed record CreateIndexState
{
    /// <summary>Its id; null when there is none.</summary>
    public string? Uuid { get; init; }

    /// <summary>How many documents it has.</summary>
    public required long Documents { get; init; }
}

/// <summary>Makes an index with explicit mappings and settings.</summary>
internal sealed class CreateIndex : IChange<CreateIndexState>, IDisposable
{
    private static readonly string[] Known = ["mappings", "settings"];
    private readonly CreateIndexInputs inputs;
    private readonly IScope scope;
    private readonly SearchTransport transport;
    private readonly SearchIndex index;

    private CreateIndex(CreateIndexInputs inputs, IScope scope)
    {
        (this.inputs, this.scope) = (inputs, scope);
        transport = new SearchTransport(scope.Connection<ElasticsearchSettings>(inputs.Connection), scope.Clock);
        index = new SearchIndex(transport, inputs.Index);
    }

    /// <summary>The definition of <c>elasticsearch.create-index</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<CreateIndexInputs, CreateIndexState>(
            "elasticsearch.create-index",
            "Makes an index with explicit mappings and settings",
            options => new CreateIndexJson(options),
            Reversal.Exact,
            inputs => [new Touch(IndexNames.Resource(inputs.Connection, inputs.Index), TouchKind.Create)],
            (inputs, scope) => new CreateIndex(inputs, scope),
            validate: Problems
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<CreateIndexState> ObserveAsync(CancellationToken ct)
    {
        if (await index.FindAsync(ct) is not { } info)
            return new CreateIndexState { Documents = 0 };
        if (info.MadeBy != scope.Token)
            throw OperationException.Refused(
                $"{index.Place} is there already, and this step did not make it; name another index, or delete it"
            );
        return new CreateIndexState { Uuid = info.Uuid, Documents = await index.CountAsync(ct) };
    }

    /// <inheritdoc/>
    public Difference Plan(CreateIndexState observed) =>
        observed.Uuid is not null
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine($"index {inputs.Index}", null, inputs.File ?? "mappings and settings of the plan")
            );

    /// <inheritdoc/>
    public bool Same(CreateIndexState a, CreateIndexState b) => (a.Uuid is null) == (b.Uuid is null);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        CreateIndexState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if ((await ObserveAsync(ct)).Uuid is null)
        {
            yield return Progress.Say($"creating {inputs.Index}");
            await transport.SendAsync(SearchRequest.Write(HttpMethod.Put, index.PathOf(""), await BodyAsync(ct)), ct);
        }
        await index.AwaitPrimariesAsync(ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        CreateIndexState before,
        CreateIndexState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (await index.FindAsync(ct) is not { } info || info.MadeBy != scope.Token)
            yield break;
        if (!info.Aliases.IsEmpty)
            throw OperationException.Refused(
                $"{index.Place} is not deleted: the alias {info.Aliases[0]} points at it; switch it back first"
            );
        if (info.FilledBy != scope.RunId && await index.CountAsync(ct) is > 0 and var documents)
            throw OperationException.Refused(
                $"{index.Place} is not deleted: it has {documents} documents, and no reindex of this run filled it"
            );
        yield return Progress.Say($"deleting {inputs.Index}");
        await index.DeleteAsync(ct);
    }

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private async Task<JsonObject> BodyAsync(CancellationToken ct)
    {
        var file = inputs.File is { } path ? await ReadAsync(scope.PathOf(path), ct) : [];
        var mappings = Own(inputs.Mappings) ?? Part(file, "mappings");
        if (mappings["_meta"] is not JsonObject meta)
            mappings["_meta"] = meta = [];
        // How the step knows its index again, whatever becomes of this machine.
        meta[IndexInfo.Mark] = new JsonObject
        {
            [IndexInfo.MadeByStep] = scope.Token,
            [IndexInfo.MadeInRun] = scope.RunId,
        };
        return new JsonObject
        {
            ["mappings"] = mappings,
            ["settings"] = Own(inputs.Settings) ?? Part(file, "settings"),
        };
    }

    private static JsonObject? Own(JsonElement? given) =>
        given is { ValueKind: JsonValueKind.Object } value ? JsonObject.Create(value) : null;

    private static JsonObject Part(JsonObject file, string name) =>
        file[name] is JsonObject part ? (JsonObject)part.DeepClone() : [];

    private static async Task<JsonObject> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            var read = JsonNode.Parse(await File.ReadAllTextAsync(path, ct)) as JsonObject;
            return read?.All(member => Known.Contains(member.Key)) == true
                ? read
                : throw OperationException.Refused(
                    $"{path}: an object with mappings and settings is expected, and nothing else"
                );
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<InputProblem> Problems(CreateIndexInputs inputs)
    {
        foreach (var problem in IndexNames.Problems(("index", inputs.Index)))
            yield return problem;
        if (inputs.File is null && inputs.Mappings is null)
            yield return new InputProblem(
                "mappings",
                "explicit mappings are expected, here or in a file: guessed ones cannot be changed later"
            );
        foreach (var (member, given) in new[] { ("mappings", inputs.Mappings), ("settings", inputs.Settings) })
        {
            if (given is { ValueKind: not JsonValueKind.Object })
                yield return new InputProblem(member, "an object is expected");
        }
    }
}

[JsonSerializable(typeof(CreateIndexInputs))]
[JsonSerializable(typeof(CreateIndexState))]
internal sealed partial class CreateIndexJson : JsonSerializerContext;
