namespace Belay.Formats;

/// <summary>Sets a property in a properties file.</summary>
internal sealed class PropertiesFormat : IValueFormat
{
    public string Set(string text, IReadOnlyList<string> key, ValueText value)
    {
        var name = string.Join('.', key);
        return PropertiesText.Read(text).Where(p => p.Name == name).ToArray() switch
        {
            [] => Append(text, $"{Name(name)}={Written(value.Text)}"),
            [var old] when old.Value == value.Text => text,
            [var old] => text[..old.Offset] + Written(value.Text) + text[(old.Offset + old.Raw.Length)..],
            _ => throw new ValueFormatException($"{name} is set twice: remove one of them"),
        };
    }

    private static string Append(string text, string line)
    {
        var newLine = new TextFile(text, HasMark: false).NewLine;
        return text.Length == 0 || text.EndsWith('\n') ? text + line + newLine : text + newLine + line;
    }

    private static string Name(string name) =>
        string.Concat(name.Select(c => c is ' ' or '=' or ':' or '#' or '!' or '\\' ? $"\\{c}" : c.ToString()));

    private static string Written(string value)
    {
        var written = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal);
        return written.StartsWith(' ') ? $"\\{written}" : written;
    }
}
