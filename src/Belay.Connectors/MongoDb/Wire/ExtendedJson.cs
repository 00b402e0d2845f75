using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>Between documents and JSON (MongoDB Extended JSON v2, https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/).</summary>
internal static class ExtendedJson
{
    // The text is compared and read again, never put into a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document of a JSON object. Plain numbers become the smallest type that holds them.</summary>
    /// <exception cref="FormatException">It is no object, or has a value that cannot be written so.</exception>
    public static BsonDocument ToBson(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("an object is expected");
        var document = new BsonBuilder();
        foreach (var member in json.EnumerateObject())
            document.Add(member.Name, ToValue(member.Value));
        return document.Build();
    }

    /// <summary>The text of a document, canonical: every value says its type.</summary>
    public static string ToText(BsonDocument document)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
            WriteDocument(json, document);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>A value as JSON: numbers, texts, yes, no and null as such, all else in the canonical form.</summary>
    public static JsonElement ToJson(BsonValue value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            if (value.Type is not BsonType.Double && value.Number is { } number)
                json.WriteNumberValue(number);
            else if (value.Type is BsonType.Double && double.IsFinite(value.AsDouble()))
                json.WriteNumberValue(value.AsDouble());
            else
                WriteValue(json, value);
        }
        return JsonElement.Parse(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static BsonValue ToValue(JsonElement json)
    {
        const string Name = "v";
        var one = new BsonBuilder();
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                one.Add(Name, json.GetString()!);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                one.Add(Name, json.GetBoolean());
                break;
            case JsonValueKind.Null:
                one.AddNull(Name);
                break;
            case JsonValueKind.Number when json.TryGetInt32(out var number):
                one.Add(Name, number);
                break;
            case JsonValueKind.Number when json.TryGetInt64(out var number):
                one.Add(Name, number);
                break;
            case JsonValueKind.Number:
                one.Add(Name, json.GetDouble());
                break;
            case JsonValueKind.Array:
                one.AddList(Name, json.EnumerateArray().Select(ToValue));
                break;
            default:
                return ToTyped(json) ?? new BsonValue(BsonType.Document, ToBson(json).Bytes);
        }
        return one.Build()[Name]!.Value;
    }

    // { "$oid": "..." } and its kin: one member that begins with a dollar and names a type. Operators ($gt) are none.
    private static BsonValue? ToTyped(JsonElement json)
    {
        if (json.GetPropertyCount() != 1)
            return null;
        const string Name = "v";
        var member = json.EnumerateObject().First();
        var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : "";
        var one = new BsonBuilder();
        switch (member.Name)
        {
            case "$oid":
                one.Add(Name, new BsonValue(BsonType.ObjectId, Convert.FromHexString(text)));
                break;
            case "$numberInt":
                one.Add(Name, int.Parse(text, CultureInfo.InvariantCulture));
                break;
            case "$numberLong":
                one.Add(Name, long.Parse(text, CultureInfo.InvariantCulture));
                break;
            case "$numberDouble":
                one.Add(Name, double.Parse(text, CultureInfo.InvariantCulture));
                break;
            case "$date" when member.Value.ValueKind == JsonValueKind.Object:
                one.Add(Name, BsonType.Date, ToValue(member.Value).AsInt64());
                break;
            case "$date":
                one.Add(Name, BsonType.Date, member.Value.GetDateTimeOffset().ToUnixTimeMilliseconds());
                break;
            case "$timestamp":
                var seconds = member.Value.GetProperty("t").GetUInt32();
                one.Add(Name, BsonType.Timestamp, ((long)seconds << 32) | member.Value.GetProperty("i").GetUInt32());
                break;
            case "$binary":
                var subtype = Convert.ToByte(member.Value.GetProperty("subType").GetString(), 16);
                one.Add(Name, member.Value.GetProperty("base64").GetBytesFromBase64(), subtype);
                break;
            case "$numberDecimal" or "$regularExpression" or "$code" or "$symbol" or "$minKey" or "$maxKey":
                throw new FormatException($"{member.Name} cannot be written here");
            default:
                return null;
        }
        return one.Build()[Name]!.Value;
    }

    private static void WriteDocument(Utf8JsonWriter json, BsonDocument document)
    {
        json.WriteStartObject();
        foreach (var (name, value) in document.Elements)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Text:
                json.WriteStringValue(value.AsText());
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(value.AsBool());
                break;
            case BsonType.Null:
                json.WriteNullValue();
                break;
            case BsonType.Document:
                WriteDocument(json, value.AsDocument());
                break;
            case BsonType.Array:
                json.WriteStartArray();
                foreach (var item in value.AsList())
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            default:
                WriteTyped(json, value);
                break;
        }
    }

    private static void WriteTyped(Utf8JsonWriter json, BsonValue value)
    {
        json.WriteStartObject();
        switch (value.Type)
        {
            case BsonType.Int32:
                json.WriteString("$numberInt", Digits(value.AsInt64()));
                break;
            case BsonType.Int64:
                json.WriteString("$numberLong", Digits(value.AsInt64()));
                break;
            case BsonType.Double:
                json.WriteString("$numberDouble", Text(value.AsDouble()));
                break;
            case BsonType.Decimal128:
                json.WriteString("$numberDecimal", Decimal128.Text(value.Raw.Span));
                break;
            case BsonType.ObjectId:
                json.WriteString("$oid", Convert.ToHexStringLower(value.Raw.Span));
                break;
            case BsonType.Date:
                json.WriteStartObject("$date");
                json.WriteString("$numberLong", Digits(value.AsInt64()));
                json.WriteEndObject();
                break;
            case BsonType.Timestamp:
                json.WriteStartObject("$timestamp");
                json.WriteNumber("t", (uint)(value.AsInt64() >> 32));
                json.WriteNumber("i", (uint)value.AsInt64());
                json.WriteEndObject();
                break;
            case BsonType.Binary:
                json.WriteStartObject("$binary");
                json.WriteBase64String("base64", value.AsBytes().Span);
                json.WriteString("subType", value.Raw.Span[sizeof(int)].ToString("x2", CultureInfo.InvariantCulture));
                json.WriteEndObject();
                break;
            default:
                // Types that are rare in options and indexes keep their bytes: the text serves to compare.
                json.WriteString($"$bson{(byte)value.Type}", Convert.ToHexStringLower(value.Raw.Span));
                break;
        }
        json.WriteEndObject();
    }

    // Whole numbers keep their point: 1.0.
    private static string Text(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
