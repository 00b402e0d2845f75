using System.Text.RegularExpressions;

namespace Belay.Formats;

/// <summary>Sets a value in HCL (the native syntax of Terraform and OpenTofu): an attribute of the file, of a block, or of an object.</summary>
internal sealed partial class HclFormat : IValueFormat
{
    public string Set(string text, IReadOnlyList<string> key, ValueText value)
    {
        var root = HclReader.Read(text);
        return Inside(text, root, key, 0, value);
    }

    private static string Inside(string text, HclBody body, IReadOnlyList<string> key, int depth, ValueText value)
    {
        var rest = key.Skip(depth).ToArray();
        if (body.Attributes.Where(a => a.Name == rest[0]).ToArray() is [var attribute, .. var more])
        {
            if (more.Length > 0)
                throw new ValueFormatException($"{rest[0]} stands twice: remove one of them");
            if (rest.Length == 1)
                return Replace(text, attribute, value);
            return attribute.Inner is { } inner
                ? Inside(text, inner, key, depth + 1, value)
                : throw new ValueFormatException($"{rest[0]} is no object: nothing can be set inside it");
        }
        var blocks = body.Blocks.Where(b =>
            rest.Length > b.Path.Length && rest.Take(b.Path.Length).SequenceEqual(b.Path)
        );
        return blocks.ToArray() switch
        {
            [var block] => Inside(text, block.Body, key, depth + block.Path.Length, value),
            [] when rest.Length == 1 => Insert(text, body, rest[0], value),
            [] => throw new ValueFormatException($"there is no block or object {string.Join('.', rest[..^1])}"),
            var several => throw new ValueFormatException(
                $"{several.Length} blocks are called {string.Join('.', several[0].Path)}: set the value by hand"
            ),
        };
    }

    private static string Replace(string text, HclAttribute attribute, ValueText value)
    {
        var old = text[attribute.From..attribute.To];
        if (!IsLiteral(old))
            throw new ValueFormatException(
                $"{attribute.Name} is no literal value: only texts, numbers, true, false and null are set"
            );
        return text[..attribute.From] + Written(value) + text[attribute.To..];
    }

    private static string Insert(string text, HclBody body, string name, ValueText value)
    {
        var newLine = new TextFile(text, HasMark: false).NewLine;
        var line = $"{name} = {Written(value)}";
        if (body.Close is not { } close)
            return text.Length == 0 || text.EndsWith('\n') ? text + line + newLine : text + newLine + line;
        var begin = text.LastIndexOf('\n', close) + 1;
        if (text.AsSpan(begin, close - begin).Trim().Length > 0)
            throw new ValueFormatException(
                $"the block or object that {name} belongs to stands in one line: set it by hand"
            );
        return text[..begin] + text[begin..close] + "  " + line + newLine + text[begin..];
    }

    private static string Written(ValueText value) =>
        value.IsText
            ? JsonFormat
                .Quote(value.Text)
                .Replace("${", "$${", StringComparison.Ordinal)
                .Replace("%{", "%%{", StringComparison.Ordinal)
            : value.Text;

    // A text with an interpolation is an expression; "$${" stands for a literal "${".
    private static bool IsLiteral(string expression)
    {
        var bare = expression.Replace("$${", "", StringComparison.Ordinal).Replace("%%{", "", StringComparison.Ordinal);
        return Literal().IsMatch(expression)
            && !bare.Contains("${", StringComparison.Ordinal)
            && !bare.Contains("%{", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        @"^(""([^""\\]|\\.)*""|-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false|null)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Literal();
}
