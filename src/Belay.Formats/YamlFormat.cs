using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace Belay.Formats;

/// <summary>Sets a value in YAML (one document, YAML 1.2 as Helm and compose files use it).</summary>
internal sealed partial class YamlFormat : IValueFormat
{
    public string Set(string text, IReadOnlyList<string> key, ValueText value)
    {
        try
        {
            return YamlNode.Read(text) is { } root
                ? Set(text, root, key, 0, value)
                : throw new ValueFormatException("is empty: write it with files.write");
        }
        catch (YamlException e)
        {
            // The parser's own message may quote the text, which may hold a secret.
            throw new ValueFormatException("YAML", "the parser stops there", (int)e.Start.Line, (int)e.Start.Column);
        }
    }

    private static string Set(string text, YamlNode node, IReadOnlyList<string> key, int depth, ValueText value)
    {
        var way = string.Join('.', key.Take(depth));
        return node switch
        {
            YamlScalar scalar when depth == key.Count => Replace(text, scalar, way, value),
            _ when depth == key.Count => throw new ValueFormatException(
                $"{way} is no single value: name one inside it"
            ),
            YamlMapping mapping => Inside(text, mapping, key, depth, value),
            YamlSequence sequence => Set(text, Element(sequence, way, key[depth]), key, depth + 1, value),
            YamlAlias => throw new ValueFormatException($"{way} is an alias: set the value where its anchor stands"),
            _ => throw new ValueFormatException($"{way} is a single value: nothing can stand inside it"),
        };
    }

    private static string Inside(
        string text,
        YamlMapping mapping,
        IReadOnlyList<string> key,
        int depth,
        ValueText value
    )
    {
        var found = mapping.Members.Where(m => m.Name == key[depth]).ToArray();
        return found switch
        {
            [{ Value: var node }] => Set(text, node, key, depth + 1, value),
            [] => Insert(text, mapping, key, depth, value),
            _ => throw new ValueFormatException($"{key[depth]} stands twice in one mapping: remove one of them"),
        };
    }

    private static YamlNode Element(YamlSequence sequence, string way, string index) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
        && wanted < sequence.Elements.Length
            ? sequence.Elements[wanted]
            : throw new ValueFormatException(
                $"{way} is a list of {sequence.Elements.Length} elements, counted from 0: it has no {index}"
            );

    private static string Replace(string text, YamlScalar old, string way, ValueText value)
    {
        if (old.IsDecorated)
            throw new ValueFormatException($"{way} carries an anchor or a tag: set it by hand");
        if (old.Style is ScalarStyle.Literal or ScalarStyle.Folded)
            throw new ValueFormatException($"{way} is a block of text: only values of one line are set in place");
        if (old.Value == value.Text && (old.Style != ScalarStyle.Plain) == (value.IsText && !IsPlain(old, value)))
            return text;
        var written = old.Style switch
        {
            ScalarStyle.SingleQuoted when value.IsText && !value.Text.Any(char.IsControl) =>
                $"'{value.Text.Replace("'", "''", StringComparison.Ordinal)}'",
            ScalarStyle.DoubleQuoted when value.IsText => JsonFormat.Quote(value.Text),
            _ => IsPlain(old, value) ? value.Text : JsonFormat.Quote(value.Text),
        };
        var space = old.Start > 0 && !char.IsWhiteSpace(text[old.Start - 1]) && old.Start == old.End ? " " : "";
        return text[..old.Start] + space + written + text[old.End..];
    }

    // A text that reads as a number stays bare where a number stood: the file has the last word on its types.
    private static bool IsPlain(YamlScalar? old, ValueText value) =>
        !value.IsText
        || (
            IsPlainText(value.Text)
            && (
                !OtherType().IsMatch(value.Text)
                || (old is { Style: ScalarStyle.Plain } && OtherType().IsMatch(old.Value))
            )
        );

    private static string Insert(
        string text,
        YamlMapping mapping,
        IReadOnlyList<string> key,
        int depth,
        ValueText value
    )
    {
        var bare = IsPlain(old: null, value) ? value.Text : JsonFormat.Quote(value.Text);
        if (mapping.IsFlow)
        {
            var nested = key.Skip(depth + 1).Reverse().Aggregate(bare, (inner, name) => $"{{ {Name(name)}: {inner} }}");
            var member = $"{Name(key[depth])}: {nested}";
            return mapping.Members.IsEmpty
                ? text[..(mapping.Start + 1)] + $" {member} " + text[(mapping.Start + 1)..].TrimStart(' ')
                : text[..mapping.LastEnd] + $", {member}" + text[mapping.LastEnd..];
        }
        var newLine = new TextFile(text, HasMark: false).NewLine;
        var lines = key.Skip(depth).Select((name, i) => new string(' ', mapping.Indent + (2 * i)) + Name(name) + ":");
        var block = string.Join(newLine, lines) + " " + bare;
        // A block of text ends where the next line begins, everything else somewhere in its last line.
        if (mapping.LastEnd > 0 && text[mapping.LastEnd - 1] == '\n')
            return text[..mapping.LastEnd] + block + newLine + text[mapping.LastEnd..];
        var end = text.IndexOf('\n', mapping.LastEnd);
        return end < 0 ? text + newLine + block : text[..(end + 1)] + block + newLine + text[(end + 1)..];
    }

    /// <summary>Whether a scalar without quotes is something else than a text.</summary>
    public static bool IsOtherType(string plain) => plain.Length == 0 || OtherType().IsMatch(plain);

    private static string Name(string name) => IsPlainText(name) ? name : JsonFormat.Quote(name);

    // Narrower than the specification allows (7.3.3): what needs no thought in block and in flow context.
    private static bool IsPlainText(string text) =>
        PlainCharacters().IsMatch(text)
        && !text.Contains(": ", StringComparison.Ordinal)
        && !text.EndsWith(':')
        && !text.EndsWith(' ');

    [GeneratedRegex(
        "^[A-Za-z0-9_./+][A-Za-z0-9_./+@%=: -]*$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex PlainCharacters();

    // What YAML 1.2 and, in files that older programs read, YAML 1.1 take for something else than a text.
    [GeneratedRegex(
        @"^([-+]?[0-9][0-9_]*|0x[0-9a-fA-F]+|0o[0-7]+|[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|true|false|yes|no|on|off|y|n|null|~|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]+(:[0-9]{2})+)$",
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.NonBacktracking
            | RegexOptions.ExplicitCapture
    )]
    private static partial Regex OtherType();
}
