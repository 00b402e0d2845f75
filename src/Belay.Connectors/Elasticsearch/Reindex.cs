using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Copies documents into another index with their versions, as a task of the cluster that is found again after a crash; then deletes what the source has no more.</summary>
/// <remarks>https://www.elastic.co/guide/en/elasticsearch/reference/8.15/docs-reindex.html. With external versions a document is written only over an earlier version of it, so that repeating is harmless and nothing newer is lost.</remarks>
internal sealed class Reindex : IChange<ReindexState>, IDisposable
{
    private static readonly ReindexNoteJson NoteJson = new(BelayJson.NewOptions());
    private readonly ReindexInputs inputs;
    private readonly IScope scope;
    private readonly ElasticsearchSettings? remote;
    private readonly SearchTransport transport;
    private readonly SearchTransport? remoteTransport;
    private readonly SearchIndex source;
    private readonly SearchIndex target;
    private readonly NoteFile<ReindexNote> note;

    private Reindex(ReindexInputs inputs, IScope scope)
    {
        (this.inputs, this.scope) = (inputs, scope);
        transport = new SearchTransport(scope.Connection<ElasticsearchSettings>(inputs.Connection), scope.Clock);
        if (inputs.FromConnection is { } other && other != inputs.Connection)
        {
            remote = scope.Connection<ElasticsearchSettings>(other);
            remoteTransport = new SearchTransport(remote, scope.Clock);
        }
        source = new SearchIndex(remoteTransport ?? transport, inputs.From);
        target = new SearchIndex(transport, inputs.To);
        note = new NoteFile<ReindexNote>(scope, "reindex", NoteJson.ReindexNote);
    }

    /// <summary>The definition of <c>elasticsearch.reindex</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<ReindexInputs, ReindexState>(
            "elasticsearch.reindex",
            "Copies documents into another index with their versions, and deletes what the source has no more",
            options => new ReindexJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(Source(inputs), TouchKind.Read),
                    new Touch(IndexNames.Resource(inputs.Connection, inputs.To), TouchKind.Modify)
                    {
                        Copies = Source(inputs),
                    },
                ],
            (inputs, scope) => new Reindex(inputs, scope),
            validate: inputs => inputs.Problems()
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<ReindexState> ObserveAsync(CancellationToken ct)
    {
        var there = await target.FindAsync(ct);
        var made = note.Read() is { } noted && noted.Target == there?.Uuid ? noted : null;
        // A copy that is made stays one when a later step deletes its source.
        if (made?.Copy is null)
            await source.RequireAsync(ct);
        return new ReindexState
        {
            SourceDocuments = await source.FindAsync(ct) is null ? 0 : await source.CountAsync(ct),
            TargetDocuments = there is null ? null : await target.CountAsync(ct),
            Copy = made?.Copy,
            Through = made?.Copy is null ? null : made.Through,
        };
    }

    /// <inheritdoc/>
    public Difference Plan(ReindexState observed) =>
        observed.Copy is not null
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    $"documents of {inputs.From} in {inputs.To}",
                    $"{observed.TargetDocuments ?? 0} of {observed.SourceDocuments}",
                    inputs.Since is { } since ? $"all, with what was written since {since}" : "all"
                )
                {
                    Moves = true,
                }
            );

    /// <inheritdoc/>
    public bool Same(ReindexState a, ReindexState b) => a.Copy == b.Copy;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        ReindexState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if ((await ObserveAsync(ct)).Copy is not null)
            yield break;
        var noted = await BeginAsync(ct);
        var query = await QueryAsync(ct);
        var run = new TaskRun(transport, scope, scope.Token, token => StartAsync(query, token, ct))
        {
            Known = noted.Task,
            Started = id => note.Write(noted = noted with { Task = id }),
        };
        await foreach (var progress in run.RunAsync($"copying {inputs.From} into {inputs.To}", ct))
            yield return progress;
        var done = run.Reading!;
        var pair = new IndexPair(source, target, scope.Clock);
        if (done.Conflicts > 0)
        {
            // Most are of an earlier attempt; but a later version, or a deletion that is remembered, turns a document away, too.
            await foreach (var progress in pair.CopyLackingAsync(query, "looking at what was there already", ct))
                yield return progress;
            pair.RequireNoneNewer();
        }
        if (inputs.Deletes == Deletions.Reconcile && !noted.IntoEmpty)
        {
            await foreach (var progress in pair.DeleteStrayAsync($"deleting what {inputs.From} has no more", ct))
                yield return progress;
        }
        await target.RefreshAsync(ct);
        note.Write(noted with { Copy = Made(done, pair) });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        ReindexState before,
        ReindexState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"ending the copy into {inputs.To}");
        await new SearchTasks(transport).CancelAsync(scope.Token, scope.Clock, ct);
        if (
            note.Read() is { IntoEmpty: true } noted
            && await target.FindAsync(ct) is { } there
            && there.Uuid == noted.Target
            // An index that this run made goes away as a whole.
            && there.MadeIn != scope.RunId
        )
        {
            var emptying = new TaskRun(transport, scope, $"{scope.Token}-undo", token => StartEmptyingAsync(token, ct));
            await foreach (var progress in emptying.RunAsync($"emptying {inputs.To}", ct))
                yield return progress;
            await target.RefreshAsync(ct);
        }
        note.Remove();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        transport.Dispose();
        remoteTransport?.Dispose();
    }

    /// <summary>What the step knows of its copy, from an earlier attempt or now for the first time.</summary>
    private async Task<ReindexNote> BeginAsync(CancellationToken ct)
    {
        // Without an index a reindex would make one, and guess its mappings.
        var there = await target.RequireAsync(ct);
        if (note.Read() is { } known && known.Target == there.Uuid)
            return known;
        var begun = new ReindexNote
        {
            Target = there.Uuid,
            IntoEmpty = await target.CountAsync(ct) == 0,
            // Before the copy looks: what is written from now on lies beyond it.
            Through = inputs.Field is { } field ? await new GrowingField(source, field).GreatestAsync(ct) : null,
        };
        note.Write(begun);
        await target.MarkAsync(IndexInfo.FilledByRun, scope.RunId, ct);
        return begun;
    }

    private async Task<JsonObject?> QueryAsync(CancellationToken ct) =>
        inputs.Since is { } since
            ? await new GrowingField(source, inputs.Field!).SinceAsync(since, inputs.Overlap, ct)
            : null;

    private async Task<string> StartAsync(JsonObject? query, string token, CancellationToken ct)
    {
        await source.RefreshAsync(ct);
        return await new SearchTasks(transport).StartAsync(
            $"_reindex?wait_for_completion=false&refresh=true{ReindexRequest.Options(inputs)}",
            ReindexRequest.Body(inputs, query, remote),
            token,
            ct
        );
    }

    private Task<string> StartEmptyingAsync(string token, CancellationToken ct) =>
        new SearchTasks(transport).StartAsync(
            target.PathOf("_delete_by_query?wait_for_completion=false&conflicts=proceed&refresh=true"),
            new JsonObject { ["query"] = new JsonObject { ["match_all"] = new JsonObject() } },
            token,
            ct
        );

    private static CopyMade Made(TaskReading done, IndexPair pair) =>
        new()
        {
            Total = done.Total,
            Created = done.Created,
            Updated = done.Updated,
            Repaired = pair.Copied,
            Deleted = pair.Deleted,
            Conflicts = done.Conflicts,
            Retries = done.Retries,
        };

    private static string Source(ReindexInputs inputs) =>
        IndexNames.Resource(inputs.FromConnection ?? inputs.Connection, inputs.From);
}

[JsonSerializable(typeof(ReindexInputs))]
[JsonSerializable(typeof(ReindexState))]
internal sealed partial class ReindexJson : JsonSerializerContext;
