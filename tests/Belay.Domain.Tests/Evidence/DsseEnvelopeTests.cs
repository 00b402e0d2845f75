using System.Diagnostics;
using System.Text;
using Belay.Domain.Evidence;

namespace Belay.Domain.Tests.Evidence;

public sealed class DsseEnvelopeTests : IDisposable
{
    private readonly SigningKey key = SigningKey.New();

    public void Dispose() => key.Dispose();

    [Theory]
    [InlineData("[null]")]
    [InlineData("[]")]
    [InlineData("null")]
    public void An_envelope_without_a_signature_is_none(string signatures) =>
        Assert.Throws<BadEvidenceException>(() =>
            DsseEnvelope.Read(
                Encoding.UTF8.GetBytes($$"""{"payload":"","payloadType":"a","signatures":{{signatures}}}""")
            )
        );

    [Fact]
    public void A_statement_whose_subject_has_no_digest_is_none()
    {
        var signed = ARun.Done().Attest(key);
        var forged = Encoding
            .UTF8.GetString(signed.Payload.Span)
            .Replace("\"digest\":{", "\"other\":{", StringComparison.Ordinal);

        Assert.Throws<BadEvidenceException>(() =>
            RunStatement.Of(DsseEnvelope.Sign(RunStatement.PayloadType, Encoding.UTF8.GetBytes(forged), key))
        );
    }

    [Fact]
    public void What_is_signed_is_the_encoding_of_the_specification() =>
        Assert.Equal(
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
            Encoding.UTF8.GetString(DsseEnvelope.Pae("http://example.com/HelloWorld", "hello world"u8))
        );

    [Fact]
    public void An_envelope_reads_back_and_is_verified()
    {
        var read = DsseEnvelope.Read(Sign("hello world").Write());
        Assert.Equal("hello world", Encoding.UTF8.GetString(read.Payload.Span));
        Assert.Equal(key.Public, read.SignerAmong([key.Public]));
        using var stranger = SigningKey.New();
        Assert.Equal(key.Public, read.SignerAmong([stranger.Public, key.Public]));
        Assert.Null(read.SignerAmong([stranger.Public]));
    }

    [Fact]
    public void The_other_base64_and_fields_that_nobody_knows_are_read()
    {
        var text = Encoding.UTF8.GetString(Sign("?>?>~~").Write());
        var other = text.Replace('+', '-')
            .Replace("\n", "", StringComparison.Ordinal)
            .Replace("{  \"payload\"", "{ \"extra\": [1], \"payload\"", StringComparison.Ordinal);
        var payload = Convert.ToBase64String(Encoding.UTF8.GetBytes("?>?>~~"));
        other = other.Replace(
            payload,
            payload.Replace('/', '_').Replace('+', '-').TrimEnd('='),
            StringComparison.Ordinal
        );
        Assert.Equal("?>?>~~", Encoding.UTF8.GetString(DsseEnvelope.Read(Encoding.UTF8.GetBytes(other)).Payload.Span));
    }

    [Fact]
    public void Any_bit_of_the_signed_bytes_matters()
    {
        var envelope = Sign("hello world");
        for (var bit = 0; bit < envelope.Payload.Length * 8; bit++)
        {
            var payload = envelope.Payload.ToArray();
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null((envelope with { Payload = payload }).SignerAmong([key.Public]));
        }
        Assert.Null((envelope with { PayloadType = "text/plaim" }).SignerAmong([key.Public]));
    }

    [Fact]
    public void A_truncated_envelope_is_told_wherever_it_was_cut()
    {
        var whole = Sign("hello world").Write();
        for (var length = 0; length < whole.Length - 1; length++)
            Assert.Throws<BadEvidenceException>(() => DsseEnvelope.Read(whole.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"payload":"","payloadType":"x","signatures":[]}""")]
    [InlineData("""{"payload":null,"payloadType":"x","signatures":[{"sig":""}]}""")]
    [InlineData("""{"payload":"","payloadType":"x","signatures":null}""")]
    [InlineData("""{"payload":"","payloadType":"x","signatures":[{"keyid":"k"}]}""")]
    [InlineData("""{"payload":"%%%","payloadType":"x","signatures":[{"sig":""}]}""")]
    [InlineData("""{"payload":"","payload":"","payloadType":"x","signatures":[{"sig":""}]}""")]
    [InlineData("""{"payload":{"payload":{}},"payloadType":"x","signatures":[{"sig":""}]}""")]
    public void What_is_no_envelope_is_told(string json) =>
        Assert.Throws<BadEvidenceException>(() => DsseEnvelope.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Hostile_envelopes_are_refused_before_they_cost_anything()
    {
        var deep = new string('[', 100_000);
        Assert.Throws<BadEvidenceException>(() => DsseEnvelope.Read(Encoding.UTF8.GetBytes($"{{\"x\":{deep}")));
        Assert.Throws<BadEvidenceException>(() => DsseEnvelope.Read(new byte[DsseEnvelope.GreatestBytes + 1]));
        var many = string.Join(',', Enumerable.Repeat("""{"sig":""}""", 100_000));
        Assert.Contains(
            "100000 signatures",
            Assert
                .Throws<BadEvidenceException>(() =>
                    DsseEnvelope.Read(
                        Encoding.UTF8.GetBytes($$"""{"payload":"","payloadType":"x","signatures":[{{many}}]}""")
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        var none = DsseEnvelope.Read("""{"payload":"","payloadType":"x","signatures":[{"sig":"AAAA"}]}"""u8);
        Assert.Null(none.SignerAmong([key.Public]));
    }

    [Fact]
    public async Task Openssl_says_the_same_of_the_signature()
    {
        var folder = Directory.CreateTempSubdirectory("belay-dsse-");
        try
        {
            var envelope = Sign("hello world");
            string PathOf(string name) => Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(PathOf("key.pub"), key.Public.Pem, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(
                PathOf("signed"),
                DsseEnvelope.Pae(envelope.PayloadType, envelope.Payload.Span),
                TestContext.Current.CancellationToken
            );
            await File.WriteAllBytesAsync(
                PathOf("signature"),
                [.. envelope.Signatures[0].Value],
                TestContext.Current.CancellationToken
            );
            using var openssl = Process.Start(
                new ProcessStartInfo(
                    "openssl",
                    [
                        "dgst",
                        "-sha256",
                        "-verify",
                        PathOf("key.pub"),
                        "-signature",
                        PathOf("signature"),
                        PathOf("signed"),
                    ]
                )
                {
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                }
            )!;
            var said = await openssl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal("Verified OK\n", said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private DsseEnvelope Sign(string text) => DsseEnvelope.Sign("text/plain", Encoding.UTF8.GetBytes(text), key);
}
