using System.Security.Cryptography;

namespace Belay.Domain.Evidence;

/// <summary>A public key with which signatures are checked: ECDSA over P-256 with SHA-256.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>The longest text that is read as a key, in characters.</summary>
    public const int GreatestLength = 16 * 1024;

    private const string Label = "PUBLIC KEY";
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly byte[] info;

    private PublicKey(byte[] info)
    {
        this.info = info;
        Id = Convert.ToHexStringLower(SHA256.HashData(info));
    }

    /// <summary>SHA-256, lower-case hex, of the key as SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) in DER.</summary>
    public string Id { get; }

    /// <summary>The key as text (RFC 7468, section 13), with a line break at its end.</summary>
    public string Pem => PemEncoding.WriteString(Label, info) + "\n";

    /// <summary>Reads a key from its text (RFC 7468, section 13).</summary>
    /// <exception cref="BadKeyException">It is no public key, or one of another kind.</exception>
    public static PublicKey Parse(string pem)
    {
        if (pem.Length > GreatestLength)
            throw new BadKeyException("it is too long for a key");
        if (!PemEncoding.TryFind(pem, out var fields))
            throw new BadKeyException("it is no key: a public key begins with -----BEGIN PUBLIC KEY-----");
        var label = pem[fields.Label];
        if (label.Contains("PRIVATE", StringComparison.Ordinal))
            throw new BadKeyException(
                "it is a private key: only its owner may have it; belay init prints the public one"
            );
        if (label != Label)
            throw new BadKeyException($"it is a {label}: a public key begins with -----BEGIN PUBLIC KEY-----");
        return Of(pem[fields.Base64Data]);
    }

    /// <summary>Whether a signature (DER, RFC 3279, section 2.2.3) over some data was made with the private key of this one.</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var algorithm = ECDsa.Create();
        algorithm.ImportSubjectPublicKeyInfo(info, out _);
        try
        {
            return algorithm.VerifyData(
                data,
                signature,
                HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence
            );
        }
        catch (CryptographicException)
        {
            // Bytes that are no signature at all.
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <summary>The key of an algorithm that is known to be over P-256.</summary>
    internal static PublicKey Of(ECDsa algorithm) => new(algorithm.ExportSubjectPublicKeyInfo());

    /// <exception cref="BadKeyException">It is over another curve.</exception>
    internal static void MustBeP256(ECDsa algorithm)
    {
        var curve = algorithm.ExportParameters(includePrivateParameters: false).Curve;
        if (!curve.IsNamed || curve.Oid.Value != P256)
            throw new BadKeyException("it is a key over another curve: Belay signs with ECDSA over P-256 (prime256v1)");
    }

    private static PublicKey Of(string base64)
    {
        try
        {
            using var algorithm = ECDsa.Create();
            algorithm.ImportSubjectPublicKeyInfo(Convert.FromBase64String(base64), out _);
            MustBeP256(algorithm);
            return Of(algorithm);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or PlatformNotSupportedException)
        {
            throw new BadKeyException("it is damaged, or a key of another kind: Belay signs with ECDSA over P-256", e);
        }
    }
}
