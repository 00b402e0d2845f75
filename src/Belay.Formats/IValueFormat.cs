namespace Belay.Formats;

/// <summary>A format of configuration files in which one value can be set while the rest stays as it is.</summary>
internal interface IValueFormat
{
    /// <summary>The text with the value set; the same text when it has this value already. Pure.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="key">The way to the value, outermost name first.</param>
    /// <param name="value">The new value.</param>
    /// <exception cref="ValueFormatException">The text is not of this format, or the value cannot be set in it.</exception>
    string Set(string text, IReadOnlyList<string> key, ValueText value);
}

/// <summary>Why a text cannot be read, or a value not be set in it. The message holds no value of the file.</summary>
internal sealed class ValueFormatException(string message) : Exception(message)
{
    /// <summary>What is wrong at a place of the text.</summary>
    public ValueFormatException(string format, string reason, int line, int column)
        : this($"is no {format} at line {line}, column {column}: {reason}")
    {
        (Reason, Line, Column) = ($"is no {format}: {reason}", line, column);
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; } = message;

    /// <summary>The line, from 1.</summary>
    public int Line { get; } = 1;

    /// <summary>The column, from 1.</summary>
    public int Column { get; } = 1;
}
