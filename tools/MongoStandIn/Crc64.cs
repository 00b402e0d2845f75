namespace Belay.MongoStandIn;

/// <summary>CRC-64 with the polynomial of ECMA-182, reflected, as Go's <c>hash/crc64</c> computes it.</summary>
internal sealed class Crc64
{
    private const ulong Polynomial = 0xC96C5795D7870F42;
    private static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(n => Entry((ulong)n))];

    public ulong Value { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var crc = ~Value;
        foreach (var one in bytes)
            crc = Table[(byte)crc ^ one] ^ (crc >> 8);
        Value = ~crc;
    }

    private static ulong Entry(ulong value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 1 ? (value >> 1) ^ Polynomial : value >> 1;
        return value;
    }
}
