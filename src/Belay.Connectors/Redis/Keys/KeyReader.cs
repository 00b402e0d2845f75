using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis.Keys;

/// <summary>Reads keys from a live server: their names by SCAN, then types, expiries and values of many in one go.</summary>
internal static class KeyReader
{
    private const int ScanCount = 500;
    private const int MostTries = 10;

    /// <summary>All names, a batch at a time. A key that exists all the while is returned at least once (SCAN's promise).</summary>
    public static async IAsyncEnumerable<ImmutableArray<KeyName>> ScanAsync(
        RedisClient client,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var keyspace = await ServerInfo.ReadAsync(client, ct, "keyspace");
        foreach (var database in keyspace.Databases.Keys.Order())
        {
            var cursor = "0";
            do
            {
                await client.SelectAsync(database, ct);
                var reply = await client.CallAsync(ct, "SCAN", cursor, "COUNT", $"{ScanCount}");
                cursor = reply.AsMany()[0].AsText();
                yield return
                [
                    .. reply
                        .AsMany()[1]
                        .AsTexts()
                        .Distinct(StringComparer.Ordinal)
                        .Select(n => new KeyName(database, n)),
                ];
            } while (cursor != "0");
        }
    }

    /// <summary>The images of those keys that exist.</summary>
    /// <exception cref="OperationException">Refused: a key is of a type that only a module knows, or changes its type all the while.</exception>
    public static async Task<IReadOnlyDictionary<KeyName, KeyImage>> ReadAsync(
        RedisClient client,
        IEnumerable<KeyName> keys,
        CancellationToken ct
    )
    {
        var images = new Dictionary<KeyName, KeyImage>();
        foreach (var database in keys.GroupBy(key => key.Database))
        {
            await client.SelectAsync(database.Key, ct);
            var left = database.ToArray();
            for (var tries = 0; left.Length > 0; tries++)
            {
                if (tries == MostTries)
                    throw OperationException.Transient($"{client.Address}: {left[0]} changes its type all the while");
                left = await ReadOnceAsync(client, left, images, ct);
            }
        }
        return images;
    }

    /// <summary>The server's clock in milliseconds of Unix time.</summary>
    public static async Task<long> NowAsync(RedisClient client, CancellationToken ct)
    {
        var time = (await client.CallAsync(ct, "TIME")).AsMany();
        return (time[0].AsNumber() * 1000) + (time[1].AsNumber() / 1000);
    }

    // Returns the keys that became another type between the two questions.
    private static async Task<KeyName[]> ReadOnceAsync(
        RedisClient client,
        KeyName[] keys,
        Dictionary<KeyName, KeyImage> images,
        CancellationToken ct
    )
    {
        var facts = await client.CallAllAsync(
            [
                .. keys.SelectMany(key =>
                    new[] { RespCommand.Of("TYPE", key.Name), RespCommand.Of("PEXPIRETIME", key.Name) }
                ),
            ],
            ct
        );
        var known = keys.Select(
                (key, i) => (Key: key, Type: facts[2 * i].AsText(), Expiry: facts[(2 * i) + 1].AsNumber())
            )
            .Where(fact => fact.Type != "none")
            .ToArray();
        var questions = Array.ConvertAll(known, fact => Question(client, fact.Key, fact.Type));
        var values = await client.SendAsync(questions, ct);
        var again = new List<KeyName>();
        for (var i = 0; i < known.Length; i++)
        {
            var (key, type, expiry) = known[i];
            switch (values[i])
            {
                case RespReply.Error { Code: "WRONGTYPE" }:
                    again.Add(key);
                    break;
                case RespReply.Error { Message: "ERR no such key" }:
                case RespReply.Nothing:
                case RespReply.Many { Items.Length: 0 }:
                    // Gone in between: collections are never empty, and a stream's answer has members even when it is.
                    break;
                case RespReply.Error error:
                    throw client.Failure(questions[i], error);
                default:
                    images[key] = new KeyImage
                    {
                        Key = key,
                        Type = type,
                        Value = KeyCommands.Of(key.Name, type, values[i]),
                        ExpiresAt = Math.Max(expiry, -1),
                    };
                    break;
            }
        }
        return [.. again];
    }

    private static RespCommand Question(RedisClient client, KeyName key, string type) =>
        type switch
        {
            "string" => RespCommand.Of("GET", key.Name),
            "list" => RespCommand.Of("LRANGE", key.Name, "0", "-1"),
            "hash" => RespCommand.Of("HGETALL", key.Name),
            "set" => RespCommand.Of("SMEMBERS", key.Name),
            "zset" => RespCommand.Of("ZRANGE", key.Name, "0", "-1", "WITHSCORES"),
            "stream" => RespCommand.Of("XINFO", "STREAM", key.Name, "FULL", "COUNT", "0"),
            _ => throw OperationException.Refused(
                $"{client.Address}: {key} is of type {type}, which only a module knows; it cannot be copied by commands"
            ),
        };
}
