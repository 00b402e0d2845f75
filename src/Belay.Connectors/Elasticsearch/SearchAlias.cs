using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Connectors.Elasticsearch.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>An alias of a cluster.</summary>
internal sealed class SearchAlias(SearchTransport transport, string name)
{
    /// <summary>The indices that it points at, in order, each with its filter, routing and the rest; empty: there is no such alias.</summary>
    public async Task<ImmutableSortedDictionary<string, JsonElement>> ReadAsync(CancellationToken ct)
    {
        var answer = await transport.SendAsync(
            SearchRequest.Get($"_alias/{Uri.EscapeDataString(name)}", HttpStatusCode.NotFound),
            ct
        );
        return answer.IsMissing
            ? ImmutableSortedDictionary<string, JsonElement>.Empty.WithComparers(StringComparer.Ordinal)
            : answer
                .Body.EnumerateObject()
                .ToImmutableSortedDictionary(
                    index => index.Name,
                    index => index.Value.GetProperty("aliases").GetProperty(name),
                    StringComparer.Ordinal
                );
    }

    /// <summary>Moves it in one call; its filter and its routing stay.</summary>
    /// <remarks>https://www.elastic.co/guide/en/elasticsearch/reference/8.15/indices-aliases.html: all actions of one call take effect together; with <c>must_exist</c> none does when somebody has moved the alias since.</remarks>
    /// <exception cref="OperationException">Refused: it points elsewhere. Outcome unknown: the cluster did not answer.</exception>
    public async Task MoveAsync(string from, string to, CancellationToken ct)
    {
        var now = await ReadAsync(ct);
        if (now.Count != 1 || !now.TryGetValue(from, out var kept))
            throw OperationException.Refused(
                $"{transport.Place}: the alias {name} points at {(now.IsEmpty ? "nothing" : string.Join(", ", now.Keys))}, and not at {from} alone: somebody else has moved it"
            );
        var add = JsonObject.Create(kept)!;
        (add["index"], add["alias"]) = (to, name);
        var actions = new JsonArray(
            new JsonObject
            {
                ["remove"] = new JsonObject
                {
                    ["index"] = from,
                    ["alias"] = name,
                    ["must_exist"] = true,
                },
            },
            new JsonObject { ["add"] = add }
        );
        var answer = await transport.SendAsync(
            SearchRequest.Write(HttpMethod.Post, "_aliases", new JsonObject { ["actions"] = actions }),
            ct
        );
        // The master has it; a node that has not confirmed may lead a search to the old index a moment longer.
        if (!answer.Body.IsTrue("acknowledged"))
            throw OperationException.OutcomeUnknown(
                $"{transport.Place}: not every node has confirmed the alias {name} yet"
            );
    }
}
