using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>Writes many documents by one request. Each line of it holds under a condition, so that it may be sent again: lines fail one by one (https://www.elastic.co/guide/en/elasticsearch/reference/8.15/docs-bulk.html).</summary>
internal sealed class BulkWriter(SearchIndex index, TimeProvider clock)
{
    private const int Attempts = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes documents with their versions; one that is there with the same version or a later one stays.</summary>
    public Task<BulkOutcome> CopyAsync(IReadOnlyList<Document> documents, CancellationToken ct) =>
        SendAsync([.. documents.Select(document => new BulkLine(document, Index(document)))], ct);

    /// <summary>Writes documents that are not there, whatever versions the index remembers of deletions; their versions are its own.</summary>
    public Task<BulkOutcome> CreateAsync(IReadOnlyList<Document> documents, CancellationToken ct) =>
        SendAsync([.. documents.Select(document => new BulkLine(document, Create(document)))], ct);

    /// <summary>Deletes documents that nobody has written since they were read.</summary>
    public Task<BulkOutcome> DeleteAsync(IReadOnlyList<Document> documents, CancellationToken ct) =>
        SendAsync([.. documents.Select(document => new BulkLine(document, Delete(document)))], ct);

    private async Task<BulkOutcome> SendAsync(IReadOnlyList<BulkLine> lines, CancellationToken ct)
    {
        var written = 0;
        var left = new List<Document>();
        var pause = FirstPause;
        for (var attempt = 1; lines.Count > 0; attempt++)
        {
            var answer = await index.Transport.SendAsync(
                SearchRequest.Bulk(index.PathOf("_bulk"), [.. lines.SelectMany(line => line.Text)]),
                ct
            );
            var busy = new List<BulkLine>();
            foreach (var (line, item) in lines.Zip(answer.Body.GetProperty("items").EnumerateArray()))
            {
                var result = item.EnumerateObject().First().Value;
                switch ((HttpStatusCode)result.Number("status"))
                {
                    case < HttpStatusCode.MultipleChoices:
                        written++;
                        break;
                    // Deleted already, or written by somebody since: neither is overwritten.
                    case HttpStatusCode.NotFound or HttpStatusCode.Conflict:
                        left.Add(line.Document);
                        break;
                    case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                        busy.Add(line);
                        break;
                    default:
                        throw OperationException.Refused(
                            $"{index.Place}: the document {line.Document.Id} cannot be written: {SearchFailures.Reason(result)}"
                        );
                }
            }
            if (busy.Count > 0 && attempt == Attempts)
                throw OperationException.Transient($"{index.Place} is too busy to take {busy.Count} documents");
            if (busy.Count > 0)
                await Task.Delay(pause, clock, ct);
            pause *= 2;
            lines = busy;
        }
        return new BulkOutcome(written, left);
    }

    private static byte[] Index(Document document)
    {
        var action = Action(document);
        action["version"] = document.Version;
        action["version_type"] = "external";
        return WithSource(Line("index", action), document);
    }

    private static byte[] Create(Document document) => WithSource(Line("create", Action(document)), document);

    private static byte[] WithSource(byte[] action, Document document)
    {
        using var line = new MemoryStream();
        line.Write(action);
        // Written anew, for a source may hold line feeds.
        using (var writer = new Utf8JsonWriter(line))
            document.Source.WriteTo(writer);
        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    private static byte[] Delete(Document document)
    {
        var action = Action(document);
        action["if_seq_no"] = document.SeqNo;
        action["if_primary_term"] = document.PrimaryTerm;
        return Line("delete", action);
    }

    private static JsonObject Action(Document document)
    {
        var action = new JsonObject { ["_id"] = document.Id };
        if (document.Routing is { } routing)
            action["routing"] = routing;
        return action;
    }

    private static byte[] Line(string kind, JsonObject action) =>
        Encoding.UTF8.GetBytes(new JsonObject { [kind] = action }.ToJsonString() + "\n");
}

/// <summary>What became of the lines of a bulk request.</summary>
/// <param name="Written">How many were carried out.</param>
/// <param name="Left">Documents that were left as they are, for their condition did not hold.</param>
internal sealed record BulkOutcome(int Written, IReadOnlyList<Document> Left);

/// <summary>A line of a bulk request, with its content.</summary>
internal sealed record BulkLine(Document Document, byte[] Text);
