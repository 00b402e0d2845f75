using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Belay.Domain.Json;

namespace Belay.Domain.Journal;

/// <summary>One event as one line of JSON: <c>{"v":1,"seq":…,"at":…,"fence":…,"kind":…, the event's members…,"prev":…,"hash":…}</c>.</summary>
/// <remarks>The hash is SHA-256, lower-case hex, over the line's bytes up to and including the <c>prev</c> member, that is up to the comma before <c>"hash"</c>.</remarks>
public static class JournalLine
{
    /// <summary>The previous hash of a run's first line.</summary>
    public static readonly string Genesis = new('0', 64);

    private static readonly JsonTypeInfo<Envelope> Envelopes = WholeValues.Shape<Envelope>(
        new JournalContext(Options()),
        Options()
    );

    private static readonly JsonTypeInfo<JournalEvent> Events = WholeValues.Shape<JournalEvent>(
        new JournalContext(Options()),
        Options()
    );

    /// <summary>Writes one line, without the line feed.</summary>
    /// <returns>The entry with its hash, and the line's bytes.</returns>
    public static (JournalEntry Entry, byte[] Line) Write(
        long sequence,
        DateTimeOffset at,
        long fence,
        string previous,
        JournalEvent happened
    )
    {
        var body = Body(happened);
        var line = new ArrayBufferWriter<byte>(body.Length + 320);
        Add(
            line,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"v":{{JournalEntry.Version}},"seq":{{sequence}},"at":"{{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}}","fence":{{fence}},"""
            )
        );
        line.Write(body.AsSpan(1, body.Length - 2));
        Add(line, $",\"prev\":\"{previous}\"");
        var hash = Convert.ToHexStringLower(SHA256.HashData(line.WrittenSpan));
        Add(line, $",\"hash\":\"{hash}\"}}");
        var entry = new JournalEntry
        {
            Sequence = sequence,
            At = Truncate(at),
            Fence = fence,
            Event = happened,
            Previous = previous,
            Hash = hash,
        };
        return (entry, line.WrittenSpan.ToArray());
    }

    /// <summary>Reads one line and proves its hash; the caller proves that the chain holds.</summary>
    /// <exception cref="JournalDamageException">It is no line of a journal, it is of a later version, or its hash is wrong.</exception>
    public static JournalEntry Read(ReadOnlySpan<byte> line)
    {
        Envelope envelope;
        JournalEvent happened;
        try
        {
            MustBeText(line);
            envelope = JsonSerializer.Deserialize(line, Envelopes) ?? throw new JsonException("null");
            if (envelope.V > JournalEntry.Version)
                throw new JournalDamageException(
                    $"the line has format version {envelope.V}; this Belay reads up to {JournalEntry.Version}: use a newer one"
                );
            happened = JsonSerializer.Deserialize(line, Events) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new JournalDamageException("the line is not an event that Belay writes", e);
        }
        var end = line.LastIndexOf(",\"hash\":"u8);
        if (
            end < 0
            || !Convert.ToHexStringLower(SHA256.HashData(line[..end])).Equals(envelope.Hash, StringComparison.Ordinal)
        )
            throw new JournalDamageException("the line does not fit its hash: it was changed after it was written");
        return new JournalEntry
        {
            Sequence = envelope.Seq,
            At = envelope.At,
            Fence = envelope.Fence,
            Event = happened,
            Previous = envelope.Prev,
            Hash = envelope.Hash,
        };
    }

    // States are kept as JSON and read much later: what cannot be read as a text then is told now.
    private static void MustBeText(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
            throw new JsonException("it is not UTF-8");
        if (line.IndexOf("\\ud"u8) < 0 && line.IndexOf("\\uD"u8) < 0)
            return;
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
        while (json.Read())
        {
            if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && json.ValueIsEscaped)
                _ = json.GetString();
        }
    }

    /// <summary>The event alone as JSON.</summary>
    internal static byte[] Body(JournalEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, Events);

    /// <summary>The event back from its JSON.</summary>
    internal static JournalEvent Event(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, Events) ?? throw new JsonException("the event is null");

    private static void Add(ArrayBufferWriter<byte> line, string text) => Encoding.UTF8.GetBytes(text, line);

    // The line holds microseconds: what a reader reads is what the writer kept.
    private static DateTimeOffset Truncate(DateTimeOffset at) =>
        new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static JsonSerializerOptions Options()
    {
        var options = BelayJson.NewOptions();
        // A journal is read by later and earlier versions: members that are not known are passed over.
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        options.AllowOutOfOrderMetadataProperties = true;
        return options;
    }

    internal sealed record Envelope
    {
        public required int V { get; init; }

        public required long Seq { get; init; }

        public required DateTimeOffset At { get; init; }

        public required long Fence { get; init; }

        public required string Prev { get; init; }

        public required string Hash { get; init; }
    }
}

/// <summary>A line of a journal cannot be trusted.</summary>
public sealed class JournalDamageException : Exception
{
    /// <summary>What is wrong with it.</summary>
    public JournalDamageException(string message, Exception? inner = null)
        : base(message, inner) { }
}

[JsonSerializable(typeof(JournalEvent))]
[JsonSerializable(typeof(JournalLine.Envelope))]
internal sealed partial class JournalContext : JsonSerializerContext;
