using System.Collections.Immutable;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    /// <summary>Reads the plan's watches. <c>http: URL</c> is short for <c>check: http.get</c> with that <c>url</c>, and <c>json</c> beside it for what its answer must hold.</summary>
    public ImmutableArray<Watch> ReadWatches(MapNode? watches, FileScope scope)
    {
        var read = ImmutableArray.CreateBuilder<Watch>();
        foreach (var member in watches?.Members ?? [])
        {
            session.Watches.Add(member.Key);
            if (member.Value is MapNode map)
            {
                read.Add(ReadWatch(member.Key, session.Fields(WithCheck(map), scope)));
            }
            else
            {
                Problems.Report(
                    DiagnosticCodes.WrongValue,
                    member.Value.At,
                    $"expected a watch, not {member.Value.What}",
                    "write { http: URL, every: 1s, tolerate: 0 } or { check: NAME, with: { ... } }"
                );
            }
        }
        return read.ToImmutable();
    }

    private Watch ReadWatch(string name, Fields fields)
    {
        var named = fields.Required("check", "the check that is asked; or 'http' with a URL");
        var operation = named is null ? null : Find<CheckDefinition>(named, fields);
        var every = fields.Take("every");
        var watch = new Watch
        {
            Name = name,
            Operation = operation?.Name ?? "?",
            With = ReadInputs(fields, operation, place: null),
            Every = (every is null ? null : fields.AsTime(every)) ?? TimeSpan.FromSeconds(1),
            Tolerate = fields.Count("tolerate", least: 0) ?? 0,
        };
        if (every is not null && watch.Every <= TimeSpan.Zero)
            fields.Wrong(every, "a duration above 0");
        fields.End();
        return watch;
    }

    private static MapNode WithCheck(MapNode map)
    {
        if (map.Find("http") is not { } url)
            return map;
        var inputs = new List<Member> { new("url", url.At, url) };
        if (map.Members.FirstOrDefault(m => m.Key == "json") is { } json)
            inputs.Add(new Member("expect", json.KeyAt, new MapNode(json.KeyAt, [json])));
        return map with
        {
            Members =
            [
                new Member("check", url.At, new ScalarNode(url.At, "http.get", Plain: true)),
                new Member("with", url.At, new MapNode(url.At, [.. inputs])),
                .. map.Members.Where(m => m.Key is not ("http" or "json")),
            ],
        };
    }
}
