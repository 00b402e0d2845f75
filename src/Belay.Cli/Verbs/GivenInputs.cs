using System.Collections.Immutable;

namespace Belay.Cli.Verbs;

/// <summary>Reads <c>--input NAME=VALUE</c>.</summary>
internal static class GivenInputs
{
    /// <exception cref="Refusal">One is not of that form, or is given twice.</exception>
    public static ImmutableSortedDictionary<string, string> Read(IEnumerable<string>? given)
    {
        var inputs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given ?? [])
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value])
                throw new Refusal(ExitCode.BadUsage, $"--input {text}: write --input NAME=VALUE");
            if (!inputs.TryAdd(name, value))
                throw new Refusal(ExitCode.BadUsage, $"--input {name} is given twice");
        }
        return inputs.ToImmutable();
    }
}
