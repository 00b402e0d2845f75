namespace Belay.Connectors.Files;

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

/// <summary>Why a value cannot be set. The message holds no value of the file.</summary>
internal sealed class ValueFormatException(string message) : Exception(message);
