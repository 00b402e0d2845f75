namespace Belay.Connectors.HaProxy;

/// <summary>The header of a table: later versions add columns, so that a column is found by its name.</summary>
internal sealed class Columns(string[] names)
{
    /// <summary>The field of a row under this name.</summary>
    /// <exception cref="FormatException">There is no such column, or the row is too short.</exception>
    public string Of(string[] fields, string name)
    {
        var index = Array.IndexOf(names, name);
        return index >= 0 && index < fields.Length
            ? fields[index]
            : throw new FormatException($"no column {name} in '{string.Join(' ', fields)}'");
    }
}
