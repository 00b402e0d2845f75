using System.Security.Cryptography;

namespace Belay.Stores.Files;

/// <summary>The two keys that are derived from a run's secret, so that neither use weakens the other.</summary>
internal sealed record SealKey(byte[] Secret, byte[] Sealing, byte[] Naming)
{
    /// <summary>Derives them (HKDF, RFC 5869).</summary>
    public static SealKey From(byte[] secret) =>
        new(secret, Derive(secret, "belay seal"u8), Derive(secret, "belay name"u8));

    /// <summary>Whether they were derived from this secret.</summary>
    public bool IsFrom(byte[] secret) => CryptographicOperations.FixedTimeEquals(Secret, secret);

    private static byte[] Derive(byte[] secret, ReadOnlySpan<byte> use)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info: use);
        return key;
    }
}
