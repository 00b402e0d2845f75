using System.Collections.Immutable;
using System.Text;
using Belay.Formats;
using Belay.Releases.Reading;
using Belay.Releases.Trees;
using YamlDotNet.Core;

namespace Belay.Releases.Merging;

/// <summary>The file that keeps what was decided about conflicts, so that the next release does not ask again.</summary>
public static class DecisionFile
{
    private const string Form = "write { key: image.tag, take: mine | new | both } or { key: image.tag, value: 1.2 }";

    /// <summary>Reads the file; none there, there are no decisions yet.</summary>
    /// <exception cref="ReleaseProblemException">It is no file of decisions, or two of them are about one key.</exception>
    public static ImmutableArray<Decision> Read(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            return [];
        var file = SourceFile.Read(path);
        try
        {
            var root = YamlNode.Read(file.Text);
            if (root is null)
                return [];
            if (root is not YamlMapping map)
                throw Wrong(file, root.Start, "expected the keys belay and decisions");
            foreach (var member in map.Members)
                if (member is not { Name: "belay", Value: YamlScalar { Value: "1" } } and not { Name: "decisions" })
                    throw Wrong(file, member.KeyStart, $"'{member.Name}' is not known here");
            return map.Members.FirstOrDefault(m => m.Name == "decisions")?.Value switch
            {
                null or YamlScalar { Value: "" } => [],
                YamlSequence list => Unique(file, [.. list.Elements.Select(e => (e.Start, Read(file, e)))]),
                var other => throw Wrong(file, other.Start, "expected a list of decisions"),
            };
        }
        catch (YamlException e)
        {
            throw new ReleaseProblemException(
                new ReleaseProblem(path, (int)e.Start.Line, (int)e.Start.Column, "is no YAML: the parser stops there")
            );
        }
        catch (ValueFormatException e)
        {
            throw new ReleaseProblemException(new ReleaseProblem(path, e.Line, e.Column, e.Reason));
        }
    }

    /// <summary>The file's text with further decisions; those about a key that it has already are left out.</summary>
    /// <param name="text">The text; empty for a new file.</param>
    /// <param name="more">The decisions. Values are not written: they stand in the merged file, and may be secret.</param>
    public static string Add(string text, IEnumerable<Decision> more)
    {
        var written = new StringBuilder(text.Length == 0 ? "belay: 1\ndecisions:\n" : text);
        if (written[^1] != '\n')
            written.Append('\n');
        foreach (var decision in more)
        {
            var take = decision.Take ?? Take.Mine;
            var reason = decision.Reason is { Length: > 0 } why ? $", reason: {JsonFormat.Quote(why)}" : "";
            written.Append($"  - {{ key: {JsonFormat.Quote(decision.Key)}, take: {Name(take)}{reason} }}\n");
        }
        return written.ToString();
    }

    private static string Name(Take take) =>
        take switch
        {
            Take.Mine => "mine",
            Take.New => "new",
            Take.Both => "both",
            _ => throw new ArgumentOutOfRangeException(nameof(take)),
        };

    private static Decision Read(SourceFile file, YamlNode node)
    {
        if (node is not YamlMapping map)
            throw Wrong(file, node.Start, "expected a decision");
        var fields = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        foreach (var member in map.Members)
        {
            if (member.Name is not ("key" or "take" or "value" or "reason"))
                throw Wrong(file, member.KeyStart, $"'{member.Name}' is not known here");
            if (member.Value is not YamlScalar scalar || !fields.TryAdd(member.Name, scalar))
                throw Wrong(file, member.KeyStart, $"'{member.Name}' must be one single value");
        }
        if (fields.GetValueOrDefault("key") is not { Value.Length: > 0 } key)
            throw Wrong(file, node.Start, "the decision names no key");
        if (fields.ContainsKey("take") == fields.ContainsKey("value"))
            throw Wrong(file, node.Start, "a decision has either take or value");
        return new Decision
        {
            Key = key.Value,
            Take = fields.TryGetValue("take", out var take) ? ReadTake(file, take) : null,
            Value = fields.GetValueOrDefault("value")?.Value,
            IsText = fields.GetValueOrDefault("value") is { Style: not ScalarStyle.Plain },
            Reason = fields.GetValueOrDefault("reason")?.Value,
        };
    }

    private static Take ReadTake(SourceFile file, YamlScalar take) =>
        take.Value switch
        {
            "mine" => Take.Mine,
            "new" => Take.New,
            "both" => Take.Both,
            var other => throw Wrong(file, take.Start, $"'{other}' is no side"),
        };

    private static ImmutableArray<Decision> Unique(SourceFile file, ImmutableArray<(int At, Decision Decision)> all)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (at, decision) in all)
            if (!known.Add(decision.Key))
                throw Wrong(file, at, $"'{decision.Key}' is decided twice");
        return [.. all.Select(a => a.Decision)];
    }

    private static ReleaseProblemException Wrong(SourceFile file, int at, string message) =>
        new(
            new ReleaseProblem(
                file.Shown,
                SourceLines.NumberOf(file.Text, at),
                SourceLines.ColumnOf(file.Text, at),
                message,
                Form
            )
        );
}
