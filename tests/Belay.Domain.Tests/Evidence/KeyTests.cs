using System.Security.Cryptography;
using Belay.Domain.Evidence;

namespace Belay.Domain.Tests.Evidence;

public sealed class KeyTests
{
    [Fact]
    public void A_locked_key_that_would_take_hours_to_open_is_refused_at_once()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rounds = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 0x010203);
        var der = key.ExportEncryptedPkcs8PrivateKey("open", rounds);
        var at = der.AsSpan().IndexOf((byte[])[0x02, 0x03, 0x01, 0x02, 0x03]);
        der[at + 2] = 0x7F;

        var refused = Assert.Throws<BadKeyException>(() =>
            SigningKey.Parse(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", der), "open")
        );

        Assert.Contains("rounds", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_reads_back_and_its_id_is_the_hash_of_its_public_half()
    {
        using var key = SigningKey.New();
        using var read = SigningKey.Parse(key.ToPem(null), null);
        Assert.Equal(key.Public, read.Public);
        Assert.Equal(key.Public, PublicKey.Parse(key.Public.Pem));
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key.Public.Pem);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(ecdsa.ExportSubjectPublicKeyInfo())), key.Public.Id);
    }

    [Fact]
    public void A_locked_key_opens_with_its_passphrase_only()
    {
        using var key = SigningKey.New();
        var pem = key.ToPem("correct horse");
        Assert.True(SigningKey.IsLocked(pem));
        using var read = SigningKey.Parse(pem, "correct horse");
        Assert.Equal(key.Public, read.Public);
        Assert.Contains(
            "passphrase is wrong",
            Assert.Throws<BadKeyException>(() => SigningKey.Parse(pem, "wrong")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "locked",
            Assert.Throws<BadKeyException>(() => SigningKey.Parse(pem, null)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_private_key_is_no_public_one_and_is_not_repeated()
    {
        using var key = SigningKey.New();
        var pem = key.ToPem(null);
        var bad = Assert.Throws<BadKeyException>(() => PublicKey.Parse(pem));
        Assert.Contains("private", bad.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(pem.Split('\n')[1], bad.ToString(), StringComparison.Ordinal);
        Assert.Throws<BadKeyException>(() => SigningKey.Parse(key.Public.Pem, null));
    }

    [Fact]
    public void Keys_of_other_kinds_are_told()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        string[] others =
        [
            curve.ExportSubjectPublicKeyInfoPem(),
            rsa.ExportSubjectPublicKeyInfoPem(),
            "ssh-ed25519 AAAA",
            "",
        ];
        foreach (var other in others)
            Assert.Throws<BadKeyException>(() => PublicKey.Parse(other));
        Assert.Throws<BadKeyException>(() => SigningKey.Parse(curve.ExportPkcs8PrivateKeyPem(), null));
        Assert.Throws<BadKeyException>(() => SigningKey.Parse(rsa.ExportPkcs8PrivateKeyPem(), null));
        Assert.Contains(
            "openssl pkcs8",
            Assert.Throws<BadKeyException>(() => SigningKey.Parse(curve.ExportECPrivateKeyPem(), null)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_damaged_key_is_told()
    {
        using var key = SigningKey.New();
        var pem = key.Public.Pem;
        for (var at = 27; at < pem.Length - 30; at++)
        {
            var damaged = pem[..at] + (pem[at] == 'A' ? 'B' : 'A') + pem[(at + 1)..];
            try
            {
                Assert.NotEqual(key.Public, PublicKey.Parse(damaged));
            }
            catch (BadKeyException)
            {
                // Told.
            }
        }
        Assert.Throws<BadKeyException>(() => PublicKey.Parse(new string('-', 1_000_000)));
    }

    [Fact]
    public void Bytes_that_are_no_signature_do_not_verify()
    {
        using var key = SigningKey.New();
        foreach (var length in (ReadOnlySpan<int>)[0, 1, 8, 64, 72, 10_000])
            Assert.False(key.Public.Verifies("data"u8, new byte[length]));
    }
}
