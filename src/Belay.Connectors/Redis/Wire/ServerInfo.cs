using System.Collections.Frozen;
using System.Globalization;

namespace Belay.Connectors.Redis.Wire;

/// <summary>What a server says of itself: the fields of INFO (https://redis.io/docs/latest/commands/info).</summary>
internal sealed class ServerInfo
{
    private readonly FrozenDictionary<string, string> fields;

    private ServerInfo(FrozenDictionary<string, string> fields) => this.fields = fields;

    /// <summary>Reads the given sections.</summary>
    public static async Task<ServerInfo> ReadAsync(
        RedisClient client,
        CancellationToken ct,
        params string[] sections
    ) => Of(await client.CallAsync(ct, ["INFO", .. sections]));

    /// <summary>What an answer to INFO says.</summary>
    public static ServerInfo Of(RespReply reply) =>
        new(
            reply
                .AsText()
                .Split('\n', StringSplitOptions.TrimEntries)
                .Where(line => line.Contains(':', StringComparison.Ordinal) && line[0] != '#')
                .Select(line => line.Split(':', 2))
                .ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
        );

    /// <summary>A entry's text; empty when the server does not send it.</summary>
    public string this[string name] => fields.GetValueOrDefault(name, "");

    /// <summary>A entry's number; 0 when the server does not send it.</summary>
    public long Number(string name) =>
        long.TryParse(this[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    /// <summary>The keys of each numbered database that has any (section keyspace: <c>db0:keys=5,expires=1,...</c>).</summary>
    public IReadOnlyDictionary<int, long> Databases =>
        fields
            .Where(entry =>
                entry.Key.StartsWith("db", StringComparison.Ordinal)
                && entry.Value.StartsWith("keys=", StringComparison.Ordinal)
            )
            .ToDictionary(
                entry => int.Parse(entry.Key.AsSpan(2), CultureInfo.InvariantCulture),
                entry => long.Parse(entry.Value["keys=".Length..].Split(',')[0], CultureInfo.InvariantCulture)
            );

    /// <summary>All keys of all databases (section keyspace).</summary>
    public long Keys => Databases.Values.Sum();

    /// <summary>The replicas that are connected, a line each (section replication: <c>slave0:ip=...,port=...,state=online,offset=...,lag=0</c>).</summary>
    public IReadOnlyList<string> Replicas =>
        [
            .. fields
                .Where(entry =>
                    entry.Key.StartsWith("slave", StringComparison.Ordinal)
                    && entry.Value.StartsWith("ip=", StringComparison.Ordinal)
                )
                .Select(entry => entry.Value),
        ];

    /// <summary>How often each command ran (section commandstats: <c>cmdstat_get:calls=5,...</c>).</summary>
    public IReadOnlyDictionary<string, long> Calls =>
        fields
            .Where(entry => entry.Key.StartsWith("cmdstat_", StringComparison.Ordinal))
            .ToDictionary(
                entry => entry.Key["cmdstat_".Length..],
                entry => long.Parse(entry.Value["calls=".Length..].Split(',')[0], CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
}
