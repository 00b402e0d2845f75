using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Json;

namespace Belay.Domain.Evidence;

/// <summary>A signed message: DSSE 1.0.2 (github.com/secure-systems-lab/dsse, <c>protocol.md</c> and <c>envelope.md</c>).</summary>
public sealed record DsseEnvelope
{
    /// <summary>The greatest envelope that is read, in bytes.</summary>
    public const int GreatestBytes = 64 * 1024 * 1024;

    /// <summary>The most signatures that an envelope may have: each costs a computation with each key.</summary>
    public const int GreatestSignatures = 16;

    private static readonly JsonTypeInfo<Written> Shape = WholeValues.Shape<Written>(
        new EnvelopeContext(Options()),
        Options()
    );

    /// <summary>How the payload is to be read; signed together with it.</summary>
    public required string PayloadType { get; init; }

    /// <summary>The message: exactly the bytes that were signed, and the only ones to read it from.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The signatures.</summary>
    public required ImmutableArray<DsseSignature> Signatures { get; init; }

    /// <summary>What is signed: <c>"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body</c> (protocol.md, "PAE").</summary>
    public static byte[] Pae(string type, ReadOnlySpan<byte> body)
    {
        var length = Encoding.UTF8.GetByteCount(type);
        var head = string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {length} {type} {body.Length} ");
        return [.. Encoding.UTF8.GetBytes(head), .. body];
    }

    /// <summary>Signs a message with one key.</summary>
    public static DsseEnvelope Sign(string payloadType, byte[] payload, SigningKey key) =>
        new()
        {
            PayloadType = payloadType,
            Payload = payload,
            Signatures = [new DsseSignature(key.Public.Id, [.. key.Sign(Pae(payloadType, payload))])],
        };

    /// <summary>The envelope as JSON, with a line break at its end.</summary>
    public byte[] Write() =>
        [
            .. JsonSerializer.SerializeToUtf8Bytes(
                new Written
                {
                    Payload = Convert.ToBase64String(Payload.Span),
                    PayloadType = PayloadType,
                    Signatures =
                    [
                        .. Signatures.Select(one => new WrittenSignature
                        {
                            Keyid = one.KeyId,
                            Sig = Convert.ToBase64String(one.Value.AsSpan()),
                        }),
                    ],
                },
                Shape
            ),
            (byte)'\n',
        ];

    /// <summary>Reads an envelope; nothing of it is proven yet.</summary>
    /// <exception cref="BadEvidenceException">It is none, it is cut off, or greater than is allowed.</exception>
    public static DsseEnvelope Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > GreatestBytes)
            throw new BadEvidenceException($"it is larger than {GreatestBytes / 1024 / 1024} MB");
        try
        {
            var written = JsonSerializer.Deserialize(json, Shape) ?? throw new JsonException("null");
            if (written.Signatures.Length is 0 or > GreatestSignatures)
                throw new BadEvidenceException(
                    $"it has {written.Signatures.Length} signatures: 1 to {GreatestSignatures} are read"
                );
            return new DsseEnvelope
            {
                PayloadType = written.PayloadType,
                Payload = Decode(written.Payload),
                Signatures =
                [
                    .. written.Signatures.Select(one => new DsseSignature(one.Keyid ?? "", [.. Decode(one.Sig)])),
                ],
            };
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new BadEvidenceException("it is no DSSE envelope, or it was cut off", e);
        }
    }

    /// <summary>The first of some trusted keys that signed this; null when none did.</summary>
    /// <remarks>A key id in an envelope is only a hint, which nobody signed (protocol.md): each key is tried.</remarks>
    public PublicKey? SignerAmong(IEnumerable<PublicKey> trusted)
    {
        var signed = Pae(PayloadType, Payload.Span);
        return trusted.FirstOrDefault(key => Signatures.Any(one => key.Verifies(signed, one.Value.AsSpan())));
    }

    // "Either standard or URL-safe base64 encodings are allowed" (protocol.md).
    private static byte[] Decode(string text)
    {
        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return Convert.FromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='));
    }

    private static JsonSerializerOptions Options() =>
        new()
        {
            // "Consumers MUST ignore unrecognized fields" (envelope.md, parsing rules).
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            MaxDepth = 16,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    internal sealed record Written
    {
        [JsonPropertyName("payload")]
        public required string Payload { get; init; }

        [JsonPropertyName("payloadType")]
        public required string PayloadType { get; init; }

        [JsonPropertyName("signatures")]
        public required WrittenSignature[] Signatures { get; init; }
    }

    internal sealed record WrittenSignature
    {
        [JsonPropertyName("keyid")]
        public string? Keyid { get; init; }

        [JsonPropertyName("sig")]
        public required string Sig { get; init; }
    }
}

/// <summary>One signature of an envelope.</summary>
/// <param name="KeyId">Which key it claims to be made with; empty: it does not say. A hint, not a proof.</param>
/// <param name="Value">The signature.</param>
public sealed record DsseSignature(string KeyId, ImmutableArray<byte> Value);

[JsonSerializable(typeof(DsseEnvelope.Written))]
internal sealed partial class EnvelopeContext : JsonSerializerContext;
