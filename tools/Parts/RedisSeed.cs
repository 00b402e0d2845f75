using System.Globalization;

namespace Belay.Parts;

/// <summary>Fills a server with keys of all types: strings, hashes, lists, sets, sorted sets, streams with groups and pending entries; every third with an expiry; and a library of functions.</summary>
public static class RedisSeed
{
    private const int AtOnce = 10_000;

    private const string Script = """
        for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
          local kind, key = i % 20, 'key:' .. i
          if kind < 11 then redis.call('SET', key, 'value ' .. i)
          elseif kind < 14 then redis.call('HSET', key, 'customer', 'c' .. i, 'cart', '', 'seen', i)
          elseif kind < 16 then redis.call('RPUSH', key, i, 'b', '', i + 1)
          elseif kind < 18 then redis.call('SADD', key, i, 'x', 'y')
          elseif kind < 19 then redis.call('ZADD', key, i, 'first', 0.5, 'second', 'inf', 'last')
          else
            for n = 1, 3 do redis.call('XADD', key, n .. '-1', 'n', n) end
            redis.call('XGROUP', 'CREATE', key, 'mail', '0')
            redis.call('XREADGROUP', 'GROUP', 'mail', 'ann', 'COUNT', 2, 'STREAMS', key, '>')
            redis.call('XACK', key, 'mail', '1-1')
          end
          if i % 3 == 0 then redis.call('PEXPIREAT', key, tonumber(ARGV[3]) + i) end
        end
        """;

    /// <summary>Adds so many keys (<c>key:0</c> onwards), none of which expires within a day.</summary>
    public static async Task FillAsync(RedisWire server, int keys, CancellationToken ct)
    {
        var tomorrow = Text(TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        for (var from = 0; from < keys; from += AtOnce)
            await server.CallAsync(
                ct,
                "EVAL",
                Script,
                "0",
                Text(from),
                Text(Math.Min(keys, from + AtOnce) - 1),
                tomorrow
            );
        await server.CallAsync(
            ct,
            "FUNCTION",
            "LOAD",
            "#!lua name=shop\nredis.register_function('hello', function() return 'hello' end)"
        );
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
