using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Two indices side by side: what the target lacks of the source, and what it has that the source has not. Each document is read at the other side by its id, so that memory does not grow with the indices.</summary>
internal sealed class IndexPair(SearchIndex source, SearchIndex target, TimeProvider clock)
{
    private const int MostNamed = 10;

    /// <summary>Documents that were written to the target.</summary>
    public long Copied { get; private set; }

    /// <summary>Documents that were deleted from the target, for the source has them no more.</summary>
    public long Deleted { get; private set; }

    /// <summary>Documents that the target has in a later version and with another content than the source, the first ten. They were not touched.</summary>
    public ImmutableArray<string> Newer { get; private set; } = [];

    /// <summary>How many there are of <see cref="Newer"/>.</summary>
    public long NewerCount { get; private set; }

    /// <summary>Pairs of the source's documents and the target's.</summary>
    /// <param name="query">Which; null: all.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<IReadOnlyList<(Document Source, Document? Target)>> PairsAsync(
        JsonNode? query,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await source.RefreshAsync(ct);
        await foreach (var page in source.PagesAsync(query, content: false, ct))
            yield return [.. page.Zip(await target.GetAsync(page, content: false, ct))];
    }

    /// <summary>Documents that the target has and the source has not.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Document>> StrayAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await target.RefreshAsync(ct);
        await foreach (var page in target.PagesAsync(null, content: false, ct))
        {
            var kept = await source.GetAsync(page, content: false, ct);
            yield return [.. page.Zip(kept).Where(pair => pair.Second is null).Select(pair => pair.First)];
        }
    }

    /// <summary>Copies what the target lacks or has in an earlier version; then deletes what the source has not.</summary>
    /// <param name="doing">What is done, for people.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<Progress> ReconcileAsync(string doing, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var progress in CopyLackingAsync(null, doing, ct))
            yield return progress;
        await foreach (var progress in DeleteStrayAsync(doing, ct))
            yield return progress;
    }

    /// <summary>Copies what the target lacks or has in an earlier version, through this machine, and notes what it has in a later one.</summary>
    /// <param name="query">Which of the source's documents; null: all.</param>
    /// <param name="doing">What is done, for people.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<Progress> CopyLackingAsync(
        JsonNode? query,
        string doing,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var seen = 0L;
        await foreach (var pairs in PairsAsync(query, ct))
        {
            await CopyAsync([.. pairs.Where(pair => !(pair.Target?.Version >= pair.Source.Version))], ct);
            await NoteNewerAsync(pairs, ct);
            yield return Progress.Count(seen += pairs.Count, null, "documents", doing);
        }
    }

    /// <summary>Deletes from the target what the source has not.</summary>
    public async IAsyncEnumerable<Progress> DeleteStrayAsync(
        string doing,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var writer = new BulkWriter(target, clock);
        await foreach (var stray in StrayAsync(ct))
        {
            Deleted += (await writer.DeleteAsync(stray, ct)).Written;
            yield return Progress.Count(Deleted, null, "deletions", doing);
        }
    }

    /// <exception cref="OperationException">Refused: the target has documents that the source does not lead to.</exception>
    public void RequireNoneNewer()
    {
        if (NewerCount > 0)
            throw OperationException.Refused(
                $"{target.Place} has {NewerCount} documents in a later version and with another content than {source.Name}: {string.Join(", ", Newer)}. "
                    + "Somebody wrote to it directly, or they were deleted and, later than index.gc_deletes, created anew in the source. "
                    + "None was overwritten: look which content is right, and delete the others"
            );
    }

    /// <summary>Whether two documents say the same; read now, on both sides.</summary>
    public async Task<IReadOnlyList<bool>> SaySameAsync(IReadOnlyList<Document> documents, CancellationToken ct)
    {
        var left = await source.GetAsync(documents, content: true, ct);
        var right = await target.GetAsync(documents, content: true, ct);
        return
        [
            .. left.Zip(right)
                .Select(pair =>
                    (pair.First, pair.Second) switch
                    {
                        ({ } a, { } b) => ContentHash.Of(a.Source).AsSpan().SequenceEqual(ContentHash.Of(b.Source)),
                        (null, null) => true,
                        _ => false,
                    }
                ),
        ];
    }

    private async Task CopyAsync(IReadOnlyList<(Document Source, Document? Target)> lacking, CancellationToken ct)
    {
        var documents = await source.GetAsync([.. lacking.Select(pair => pair.Source)], content: true, ct);
        var writer = new BulkWriter(target, clock);
        // Deleted since it was found: the deletions of the source follow later.
        var copied = await writer.CopyAsync([.. documents.OfType<Document>()], ct);
        // An index remembers the version of what was deleted from it, and turns an earlier one away though nothing is there.
        var there = await target.GetAsync(copied.Left, content: false, ct);
        var turnedAway = copied.Left.Zip(there).Where(pair => pair.Second is null).Select(pair => pair.First);
        var created = await writer.CreateAsync([.. turnedAway], ct);
        Copied += copied.Written + created.Written;
    }

    private async Task NoteNewerAsync(IReadOnlyList<(Document Source, Document? Target)> pairs, CancellationToken ct)
    {
        Document[] newer = [.. pairs.Where(pair => pair.Target?.Version > pair.Source.Version).Select(p => p.Source)];
        // The source may have gone on meanwhile: what it has now counts.
        var now = await source.GetAsync(newer, content: false, ct);
        var there = await target.GetAsync(newer, content: false, ct);
        Document[] ahead =
        [
            .. now.Zip(there).Where(pair => pair.Second?.Version > pair.First?.Version).Select(pair => pair.First!),
        ];
        var same = await SaySameAsync(ahead, ct);
        foreach (var (document, isSame) in ahead.Zip(same))
        {
            if (isSame)
                continue;
            NewerCount++;
            if (Newer.Length < MostNamed)
                Newer = Newer.Add(document.Id);
        }
    }
}
