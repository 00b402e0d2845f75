using System.Collections.Immutable;

namespace Belay.Cli.Verbs;

/// <summary>Reads <c>--input NAME=VALUE</c> and options of the same form.</summary>
internal static class GivenInputs
{
    /// <exception cref="Refusal">One is not of that form, or is given twice.</exception>
    public static ImmutableSortedDictionary<string, string> Read(IEnumerable<string>? given, string option = "--input")
    {
        var inputs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given ?? [])
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value])
                throw new Refusal(ExitCode.BadUsage, $"{option} {text}: write {option} NAME=VALUE");
            if (!inputs.TryAdd(name, value))
                throw new Refusal(ExitCode.BadUsage, $"{option} {name} is given twice");
        }
        return inputs.ToImmutable();
    }
}
