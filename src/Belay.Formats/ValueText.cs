namespace Belay.Formats;

/// <summary>A single value of a configuration file: a text, a number, true, false or null.</summary>
/// <param name="Text">Its text: of a number, its digits.</param>
/// <param name="IsText">Whether it is a text, so that it must be quoted where it could be read as something else.</param>
/// <param name="IsSecret">Whether it must not be shown.</param>
internal sealed record ValueText(string Text, bool IsText, bool IsSecret);
