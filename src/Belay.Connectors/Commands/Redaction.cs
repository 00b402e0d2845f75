using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.Commands;

/// <summary>Takes secret values out of text.</summary>
internal sealed class Redaction
{
    /// <summary>What stands where a value stood.</summary>
    public const string Mark = "(secret)";

    private readonly ImmutableArray<string> values;

    /// <summary>Removes these values, in all forms in which a tool may print them; of a value of several lines also each line, because output is read by lines.</summary>
    public Redaction(IEnumerable<string> values) =>
        this.values = [
            .. values
                .SelectMany(value => value.Split('\n').Concat(SecretForms.Of(value)))
                .Select(value => value.Trim('\r'))
                .Where(value => value.Length > 0)
                .Distinct(StringComparer.Ordinal)
                // The longest first: a value that holds another one must go as a whole.
                .OrderByDescending(value => value.Length),
        ];

    /// <summary>The length of the longest value.</summary>
    public int Longest => values.IsEmpty ? 0 : values[0].Length;

    /// <summary>The text without the values.</summary>
    public string Apply(string text) =>
        values.Aggregate(text, (current, value) => current.Replace(value, Mark, StringComparison.Ordinal));
}
