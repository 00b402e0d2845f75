using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Json;

namespace Belay.Domain.Evidence;

/// <summary>The signed account of a run: an in-toto Statement v1 (github.com/in-toto/attestation, <c>spec/v1/statement.md</c>) with a predicate of Belay's own.</summary>
/// <remarks>
/// Predicate fields are in lowerCamelCase, times end in "On" and are RFC 3339 in UTC, as the framework asks for
/// (<c>spec/v1/README.md</c> and <c>field_types.md</c>); who, when and what about it are told apart as in SLSA provenance.
/// </remarks>
public sealed record RunStatement
{
    /// <summary>The statement's type (statement.md, <c>_type</c>).</summary>
    public const string StatementType = "https://in-toto.io/Statement/v1";

    /// <summary>The predicate's type, with its version: members are only added within one version. An identifier, not an address.</summary>
    public const string UpgradeRun = "https://belay.example/upgrade-run/v1";

    /// <summary>The payload type of the envelope (<c>spec/v1/envelope.md</c>).</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>The name of the subject that is the journal.</summary>
    public const string JournalSubject = "journal.jsonl";

    /// <summary>The name of the subject that is the plan's normalised tree.</summary>
    public const string PlanSubject = "plan";

    private static readonly StatementContext Context = new(Options());

    private static readonly JsonTypeInfo<RunStatement> Shape = WholeValues.Shape<RunStatement>(
        new StatementContext(Options()),
        Options()
    );

    /// <summary>Always <see cref="StatementType"/>.</summary>
    [JsonPropertyName("_type")]
    public required string Type { get; init; }

    /// <summary>The journal and the plan, by their SHA-256.</summary>
    public required ImmutableArray<StatementSubject> Subject { get; init; }

    /// <summary>Always <see cref="UpgradeRun"/>.</summary>
    public required string PredicateType { get; init; }

    /// <summary>What happened.</summary>
    public required RunPredicate Predicate { get; init; }

    /// <summary>The statement in an envelope, signed.</summary>
    public DsseEnvelope Sign(SigningKey key) =>
        DsseEnvelope.Sign(PayloadType, JsonSerializer.SerializeToUtf8Bytes(this, Shape), key);

    /// <summary>The statement in an envelope whose signature was proven before: read from the bytes that were proven.</summary>
    /// <exception cref="BadEvidenceException">It is none of an upgrade's run.</exception>
    public static RunStatement Of(DsseEnvelope envelope)
    {
        if (envelope.PayloadType != PayloadType)
            throw new BadEvidenceException($"it holds {Quoted(envelope.PayloadType)}, not {PayloadType}");
        try
        {
            // The type first: another predicate does not fit the record.
            var header = JsonSerializer.Deserialize(envelope.Payload.Span, Context.Header);
            if (header is not { Type: StatementType, PredicateType: UpgradeRun })
                throw new BadEvidenceException(
                    $"it states something else than a run: {Quoted(header?.PredicateType ?? "nothing")}"
                );
            return JsonSerializer.Deserialize(envelope.Payload.Span, Shape) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new BadEvidenceException("what it holds is no statement of a run", e);
        }
    }

    /// <summary>The hash of a subject; null when the statement does not name it.</summary>
    public string? DigestOf(string name) => Subject.FirstOrDefault(one => one.Name == name)?.Digest.Sha256;

    private static JsonSerializerOptions Options() =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // "Consumers MUST ignore unrecognized fields" (spec/v1/README.md, parsing rules).
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            MaxDepth = 16,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    private static string Quoted(string text) => $"'{(text.Length > 80 ? text[..80] + "..." : text)}'";

    internal sealed record Header
    {
        [JsonPropertyName("_type")]
        public required string Type { get; init; }

        public required string PredicateType { get; init; }
    }
}

/// <summary>What a statement is about (in-toto ResourceDescriptor, <c>spec/v1/resource_descriptor.md</c>).</summary>
/// <param name="Name">Which of the subjects.</param>
/// <param name="Digest">Its hash.</param>
public sealed record StatementSubject(string Name, SubjectDigest Digest);

/// <summary>A hash by its algorithm (in-toto DigestSet, <c>spec/v1/digest_set.md</c>).</summary>
/// <param name="Sha256">SHA-256, lower-case hex.</param>
public sealed record SubjectDigest([property: JsonPropertyName("sha256")] string Sha256);

[JsonSerializable(typeof(RunStatement))]
[JsonSerializable(typeof(RunStatement.Header))]
internal sealed partial class StatementContext : JsonSerializerContext;
