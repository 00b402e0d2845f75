using Belay.Domain.Compatibility;
using Belay.Domain.Plans;

namespace Belay.Releases.Paths;

/// <summary>One thing that is stated and that a path must keep to.</summary>
/// <param name="Text">In one line.</param>
/// <param name="At">Where it stands; null: nobody wrote it into a file.</param>
public sealed record Statement(string Text, SourcePosition? At)
{
    internal static Statement Of(Need need) => new(need.ToString(), need.At);

    internal static Statement Of(string name, Component component) =>
        new(
            component.Moves.IsEmpty
                ? component.Stride switch
                {
                    Stride.Next => $"{name} moves to the next version of its list only",
                    Stride.OneMinor => $"{name} moves one minor version at a time",
                    Stride.OneMajor => $"{name} moves one major version at a time",
                    _ => $"{name} moves to any newer version",
                }
                : $"{name} moves only {string.Join(", ", component.Moves.Select(m => $"from {m.From} to {m.To}"))}",
            component.At
        );

    internal static Statement Of(string name, Want want, string? now) =>
        new($"{name} {want.Range} is wanted, and {(now is null ? "there is none" : $"{now} runs")} now", want.At);

    /// <inheritdoc/>
    public override string ToString() => At is null ? Text : $"{At}: {Text}";
}
