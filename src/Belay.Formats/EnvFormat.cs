namespace Belay.Formats;

/// <summary>Sets a variable in a file of environment variables.</summary>
internal sealed class EnvFormat : IValueFormat
{
    public string Set(string text, IReadOnlyList<string> key, ValueText value)
    {
        var name = string.Join('.', key);
        if (value.Text.AsSpan().ContainsAny('\n', '\r'))
            throw new ValueFormatException("a value of a .env file cannot hold a line break");
        return EnvText.Read(text).Where(v => v.Name == name).ToArray() switch
        {
            [] => Append(text, $"{name}={Bare(value.Text)}"),
            [var old] when old.Value == value.Text => text,
            [var old] => text[..old.Offset] + Written(old, value.Text) + text[(old.Offset + old.Raw.Length)..],
            [var first, var second, ..] => throw new ValueFormatException(
                $"{name} is set twice, in lines {first.Line} and {second.Line}: remove one of them"
            ),
        };
    }

    // Keeps the quotes that stand there, when the value can stand in them.
    private static string Written(EnvAssignment old, string value) =>
        old.Raw switch
        {
            ['\'', ..] when !value.Contains('\'', StringComparison.Ordinal) => $"'{value}'",
            ['\'', ..] or ['"', ..] => Quoted(value),
            _ => Bare(value),
        };

    private static string Bare(string value) =>
        value.All(c =>
            char.IsAsciiLetterOrDigit(c) || "_-./:=@%+,;?&~^*()[]{}|<>!".Contains(c, StringComparison.Ordinal)
        )
            ? value
        : value.Contains('\'', StringComparison.Ordinal) ? Quoted(value)
        : $"'{value}'";

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // A file without a line break at its end stays one.
    private static string Append(string text, string line)
    {
        var newLine = new TextFile(text, HasMark: false).NewLine;
        return text.Length == 0 ? line + newLine
            : text.EndsWith('\n') ? text + line + newLine
            : text + newLine + line;
    }
}
