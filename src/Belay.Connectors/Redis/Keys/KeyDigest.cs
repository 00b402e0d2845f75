using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>A key's value as 128 bits of SHA-256 over the commands that make it, and its expiry in milliseconds of Unix time (-1: never).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyDigest(UInt128 Value, long ExpiresAt)
{
    /// <summary>The digest of a live key.</summary>
    public static KeyDigest Of(KeyImage image) => Of(image.Value.AsSpan(), image.ExpiresAt);

    /// <summary>The digest of a value's commands.</summary>
    public static KeyDigest Of(ReadOnlySpan<RespCommand> value, long expiresAt)
    {
        using var bytes = new MemoryStream();
        foreach (var command in value)
            command.WriteTo(bytes);
        var hash = SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return new KeyDigest(new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8)), expiresAt);
    }

    /// <summary>Whether the key has expired by now (milliseconds of Unix time).</summary>
    public bool IsExpired(long now) => ExpiresAt >= 0 && ExpiresAt <= now;
}
