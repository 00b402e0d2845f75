using System.Security.Cryptography;

namespace Belay.Domain.Evidence;

/// <summary>A private key with which a person signs: ECDSA over P-256 with SHA-256.</summary>
public sealed class SigningKey : IDisposable
{
    private const string Label = "PRIVATE KEY";
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    /// <summary>How a key is locked with a passphrase; the number of rounds is OWASP's of 2023 for PBKDF2 with SHA-256.</summary>
    private static readonly PbeParameters Locking = new(
        PbeEncryptionAlgorithm.Aes256Cbc,
        HashAlgorithmName.SHA256,
        600_000
    );

    private readonly ECDsa algorithm;

    private SigningKey(ECDsa algorithm)
    {
        this.algorithm = algorithm;
        Public = PublicKey.Of(algorithm);
    }

    /// <summary>The key with which others check what this one signed.</summary>
    public PublicKey Public { get; }

    /// <summary>Makes a new key.</summary>
    public static SigningKey New() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Whether the text is a key that is locked with a passphrase.</summary>
    public static bool IsLocked(string pem) =>
        pem.Contains($"-----BEGIN {EncryptedLabel}-----", StringComparison.Ordinal);

    /// <summary>Reads a key from its text: PKCS#8, locked or not (RFC 7468, sections 10 and 11).</summary>
    /// <param name="pem">The text.</param>
    /// <param name="passphrase">What it is locked with; null: it is not.</param>
    /// <exception cref="BadKeyException">It is no such key, it is of another kind, or the passphrase is missing or wrong.</exception>
    public static SigningKey Parse(string pem, string? passphrase)
    {
        if (pem.Length > PublicKey.GreatestLength || !PemEncoding.TryFind(pem, out var fields))
            throw new BadKeyException("it is no private key: make one with belay init --key FILE");
        var imported = ECDsa.Create();
        try
        {
            Import(imported, pem[fields.Label], pem[fields.Base64Data], passphrase);
            PublicKey.MustBeP256(imported);
            return new SigningKey(imported);
        }
        catch (Exception e)
        {
            imported.Dispose();
            if (
                e
                is CryptographicException
                    or FormatException
                    or PlatformNotSupportedException
                    or System.Formats.Asn1.AsnContentException
            )
                throw new BadKeyException(
                    passphrase is null
                        ? "it is damaged, or a key of another kind: Belay signs with ECDSA over P-256"
                        : "the passphrase is wrong, or the key is damaged",
                    e
                );
            throw;
        }
    }

    /// <summary>The key as text (PKCS#8), with a line break at its end; locked when a passphrase is given.</summary>
    public string ToPem(string? passphrase) =>
        (
            passphrase is null
                ? algorithm.ExportPkcs8PrivateKeyPem()
                : algorithm.ExportEncryptedPkcs8PrivateKeyPem(passphrase, Locking)
        ) + "\n";

    /// <summary>Signs some data; the signature is in DER (RFC 3279, section 2.2.3), as <c>openssl dgst -verify</c> and cosign read it.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) =>
        algorithm.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => algorithm.Dispose();

    private static void Import(ECDsa algorithm, string label, string base64, string? passphrase)
    {
        switch (label)
        {
            case Label:
                algorithm.ImportPkcs8PrivateKey(Convert.FromBase64String(base64), out _);
                break;
            case EncryptedLabel when passphrase is null:
                throw new BadKeyException("it is locked: say where its passphrase is");
            case EncryptedLabel:
                var locked = Convert.FromBase64String(base64);
                if (LockedKey.TakesTooLong(locked))
                    throw new BadKeyException($"it is locked with more than {LockedKey.GreatestRounds} rounds");
                algorithm.ImportEncryptedPkcs8PrivateKey(passphrase, locked, out _);
                break;
            case "EC PRIVATE KEY":
                throw new BadKeyException("it is not PKCS#8: turn it into that with openssl pkcs8 -topk8 -nocrypt");
            default:
                throw new BadKeyException("it is no private key: make one with belay init --key FILE");
        }
    }
}
