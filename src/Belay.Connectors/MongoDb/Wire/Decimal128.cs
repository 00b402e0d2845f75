using System.Buffers.Binary;
using System.Globalization;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>The text of a decimal number of 128 bits in its binary integer form (IEEE 754-2008; https://github.com/mongodb/specifications, bson-decimal128).</summary>
internal static class Decimal128
{
    private const int Bias = 6176;
    private const int ExponentBits = 14;
    private const int CoefficientBits = 49;

    /// <summary>Its digits and exponent (<c>123E-2</c>), <c>NaN</c>, or <c>Infinity</c> with its sign.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]);
        var sign = high >> 63 == 1 ? "-" : "";
        var special = (high >> 58) & 0b11111;
        if (special >= 0b11110)
            return special == 0b11111 ? "NaN" : $"{sign}Infinity";
        // The second form has a coefficient too great to be allowed: it stands for 0.
        var isSecondForm = ((high >> 61) & 0b11) == 0b11;
        var exponent = (int)((high >> (isSecondForm ? 47 : CoefficientBits)) & ((1UL << ExponentBits) - 1)) - Bias;
        var coefficient = isSecondForm ? 0 : new UInt128(high & ((1UL << CoefficientBits) - 1), low);
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{coefficient}E{exponent}");
    }
}
