using System.Collections.Immutable;
using System.Globalization;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>
/// A stream with its groups, consumers and pending entries as commands (XINFO STREAM key FULL,
/// https://redis.io/docs/latest/commands/xinfo-stream). When consumers were last seen is not kept: no command sets it.
/// </summary>
internal static class StreamCommands
{
    /// <summary>The commands that make the stream anew. Pure.</summary>
    public static ImmutableArray<RespCommand> Of(string key, RespReply info)
    {
        var stream = Fields(info);
        var groups = stream["groups"].AsMany().Select(Fields).ToArray();
        var entries = stream["entries"].AsMany().Select(Entry).ToArray();
        // XCLAIM takes only entries that exist: what was deleted while pending is made for a moment, and deleted again.
        var deleted = groups
            .SelectMany(Pending)
            .Select(pending => pending.Id)
            .Except(entries.Select(entry => entry.Id), StringComparer.Ordinal)
            .ToArray();
        return
        [
            .. Entries(key, entries, deleted),
            .. groups.SelectMany(group => Group(key, group)),
            .. deleted.Length > 0
                ? [new RespCommand(["XDEL", key, .. deleted.OrderBy(Order)])]
                : Array.Empty<RespCommand>(),
            RespCommand.Of(
                "XSETID",
                key,
                stream["last-generated-id"].AsText(),
                "ENTRIESADDED",
                stream["entries-added"].AsText(),
                "MAXDELETEDID",
                deleted.Append(stream["max-deleted-entry-id"].AsText()).MaxBy(Order)!
            ),
        ];
    }

    private static IEnumerable<RespCommand> Entries(
        string key,
        (string Id, ImmutableArray<string> Fields)[] entries,
        string[] deleted
    ) =>
        entries.Length + deleted.Length == 0
            // A group makes the stream; without it, it stays as an empty one.
            ?
            [
                RespCommand.Of("XGROUP", "CREATE", key, "belay", "0", "MKSTREAM"),
                RespCommand.Of("XGROUP", "DESTROY", key, "belay"),
            ]
            : entries
                .Concat(deleted.Select(id => (Id: id, Fields: ImmutableArray.Create("", ""))))
                .OrderBy(entry => Order(entry.Id))
                .Select(entry => new RespCommand(["XADD", key, entry.Id, .. entry.Fields]));

    private static IEnumerable<RespCommand> Group(string key, Dictionary<string, RespReply> group)
    {
        var name = group["name"].AsText();
        yield return RespCommand.Of(
            "XGROUP",
            "CREATE",
            key,
            name,
            group["last-delivered-id"].AsText(),
            "ENTRIESREAD",
            group["entries-read"] is RespReply.Number read ? read.AsText() : "-1"
        );
        var consumers = group["consumers"].AsMany().Select(consumer => Fields(consumer)["name"].AsText());
        foreach (var consumer in consumers.Order(StringComparer.Ordinal))
            yield return RespCommand.Of("XGROUP", "CREATECONSUMER", key, name, consumer);
        foreach (var (id, consumer, delivered, times) in Pending(group))
        {
            yield return RespCommand.Of(
                "XCLAIM",
                key,
                name,
                consumer,
                "0",
                id,
                "TIME",
                delivered,
                "RETRYCOUNT",
                times,
                "FORCE",
                "JUSTID"
            );
        }
    }

    private static IEnumerable<(string Id, string Consumer, string Delivered, string Times)> Pending(
        Dictionary<string, RespReply> group
    ) =>
        group["pending"]
            .AsMany()
            .Select(pending => pending.AsTexts())
            .Select(pending => (pending[0], pending[1], pending[2], pending[3]));

    private static (string Id, ImmutableArray<string> Fields) Entry(RespReply entry) =>
        (entry.AsMany()[0].AsText(), entry.AsMany()[1].AsTexts());

    private static Dictionary<string, RespReply> Fields(RespReply reply) =>
        reply.AsMany().Chunk(2).ToDictionary(pair => pair[0].AsText(), pair => pair[1], StringComparer.Ordinal);

    private static (ulong, ulong) Order(string id)
    {
        var parts = id.Split('-');
        return (
            ulong.Parse(parts[0], CultureInfo.InvariantCulture),
            ulong.Parse(parts[1], CultureInfo.InvariantCulture)
        );
    }
}
