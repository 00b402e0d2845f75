using System.Globalization;

namespace Belay.Connectors.Redis.Wire;

/// <summary>A server's settings that hold until it restarts (CONFIG GET, CONFIG SET).</summary>
internal static class Configuration
{
    /// <summary>The setting's value.</summary>
    public static async Task<string> ReadAsync(RedisClient client, string name, CancellationToken ct) =>
        (await client.CallAsync(ct, "CONFIG", "GET", name)).AsTexts()[1];

    /// <summary>The values of several settings by their names; those without which the server was built are missing.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadManyAsync(
        RedisClient client,
        CancellationToken ct,
        params string[] names
    ) =>
        (await client.CallAsync(ct, ["CONFIG", "GET", .. names]))
            .AsTexts()
            .Chunk(2)
            .ToDictionary(pair => pair[0], pair => Words.ToUtf8(pair[1]), StringComparer.Ordinal);

    /// <summary>The setting's value as a whole number.</summary>
    public static async Task<int> ReadNumberAsync(RedisClient client, string name, CancellationToken ct) =>
        int.Parse(await ReadAsync(client, name, ct), CultureInfo.InvariantCulture);

    /// <summary>The command that alters a setting.</summary>
    public static RespCommand Set(string name, string value) => RespCommand.Of("CONFIG", "SET", name, value);

    /// <inheritdoc cref="Set(string,string)"/>
    public static RespCommand Set(string name, int value) => Set(name, value.ToString(CultureInfo.InvariantCulture));
}
