using System.Collections.Immutable;
using System.Globalization;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>From a value as a server tells it to the commands that make it anew. Pure.</summary>
internal static class KeyCommands
{
    // Keeps a single command small enough for any server's input buffer.
    private const int MostArguments = 512;

    /// <summary>The commands that make a value of this type on an empty place.</summary>
    public static ImmutableArray<RespCommand> Of(string key, string type, RespReply value) =>
        type switch
        {
            "string" => [RespCommand.Of("SET", key, value.AsText())],
            "list" => Chunked("RPUSH", key, value.AsTexts()),
            "hash" => Chunked("HSET", key, Sorted(Pairs(value)).SelectMany(p => new[] { p.First, p.Second })),
            "set" => Chunked("SADD", key, value.AsTexts().Order(StringComparer.Ordinal)),
            "zset" => Chunked("ZADD", key, Sorted(Pairs(value)).SelectMany(p => new[] { Score(p.Second), p.First })),
            "stream" => StreamCommands.Of(key, value),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no type that commands can make"),
        };

    /// <summary>Names and values that follow each other.</summary>
    public static IEnumerable<(string First, string Second)> Pairs(RespReply value) =>
        value.AsTexts().Chunk(2).Select(pair => (pair[0], pair[1]));

    private static IEnumerable<(string First, string Second)> Sorted(
        IEnumerable<(string First, string Second)> pairs
    ) => pairs.OrderBy(pair => pair.First, StringComparer.Ordinal);

    // Redis 7.0 writes 0.10000000000000001 where Valkey 8 writes 0.1.
    private static string Score(string text) =>
        text is "inf" or "-inf"
            ? text
            : double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    private static ImmutableArray<RespCommand> Chunked(string command, string key, IEnumerable<string> arguments) =>
        [.. arguments.Chunk(MostArguments).Select(some => new RespCommand([command, key, .. some]))];
}
