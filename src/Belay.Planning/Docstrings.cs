using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Belay.Planning;

/// <summary>The summaries of types and members, read from the XML documentation that the compiler writes: the single source of descriptions in the schema and the reference.</summary>
public sealed partial class Docstrings
{
    private readonly FrozenDictionary<string, string> summaries;

    private Docstrings(IEnumerable<KeyValuePair<string, string>> summaries) =>
        this.summaries = summaries.DistinctBy(s => s.Key).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>No summaries at all.</summary>
    public static Docstrings None { get; } = new([]);

    /// <summary>Reads documentation files, for instance those of Belay.Domain and Belay.Connectors.</summary>
    /// <exception cref="XmlException">A stream is no documentation file.</exception>
    public static Docstrings Read(params IEnumerable<Stream> documentation) => new(documentation.SelectMany(ReadOne));

    /// <summary>The summary of a property; null when it has none.</summary>
    public string? OfMember(MemberInfo member) =>
        summaries.GetValueOrDefault($"P:{member.DeclaringType?.FullName?.Replace('+', '.')}.{member.Name}");

    /// <summary>The summary of a type; null when it has none.</summary>
    public string? OfType(Type type) => summaries.GetValueOrDefault($"T:{type.FullName?.Replace('+', '.')}");

    private static IEnumerable<KeyValuePair<string, string>> ReadOne(Stream stream)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
        using var reader = XmlReader.Create(stream, settings);
        return
        [
            .. XElement
                .Load(reader)
                .Descendants("member")
                .Where(m => m.Element("summary") is not null)
                .Select(m => KeyValuePair.Create(m.Attribute("name")?.Value ?? "", Words(m.Element("summary")!))),
        ];
    }

    private static string Words(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes())
        {
            if (node is XText words)
                text.Append(words.Parent?.Name.LocalName == "c" ? $"`{words.Value}`" : words.Value);
            else if (node is XElement { IsEmpty: true } link)
                text.Append(Target(link));
        }
        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    /// <summary>What a link without words shows: the last part of its target's name.</summary>
    private static string Target(XElement link)
    {
        var target = (link.Attribute("cref") ?? link.Attribute("langword") ?? link.Attribute("name"))?.Value ?? "";
        return target[(target.LastIndexOfAny(['.', ':']) + 1)..];
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
