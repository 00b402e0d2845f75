using System.Formats.Asn1;

namespace Belay.Domain.Evidence;

/// <summary>What a locked key says of itself before it is opened: EncryptedPrivateKeyInfo (RFC 5958, section 3).</summary>
internal static class LockedKey
{
    /// <summary>The most rounds that a passphrase goes through: eight times what Belay writes, some seconds.</summary>
    public const int GreatestRounds = 5_000_000;

    private const int GreatestDepth = 8;

    /// <summary>Whether opening it would take longer than anybody waits. The number of rounds stands in the key's own parameters (RFC 8018, appendix A.2), and nobody signed it.</summary>
    /// <exception cref="AsnContentException">It is no such key.</exception>
    public static bool TakesTooLong(byte[] der) =>
        HasGreater(new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadSequence(), GreatestDepth);

    private static bool HasGreater(AsnReader reader, int depth)
    {
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag == Asn1Tag.Integer)
            {
                if (!reader.TryReadInt32(out var number) || number > GreatestRounds)
                    return true;
            }
            else if (tag == Asn1Tag.Sequence && depth > 0)
            {
                if (HasGreater(reader.ReadSequence(), depth - 1))
                    return true;
            }
            else
            {
                reader.ReadEncodedValue();
            }
        }
        return false;
    }
}
