using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.Process;

/// <summary>Reads a file of environment variables: <c>NAME=value</c> a line, <c>#</c> comments, an optional <c>export</c>, values bare or in quotes.</summary>
internal static class EnvironmentFile
{
    /// <summary>The variables.</summary>
    /// <exception cref="OperationException">Refused: the file cannot be read, or a line is no assignment. Never shows a value.</exception>
    public static ImmutableDictionary<string, string> Read(string path)
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string>();
        var number = 0;
        foreach (var raw in Lines(path))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line["export ".Length..].TrimStart();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw OperationException.Refused($"{path}:{number}: expected NAME=value");
            variables[line[..equals].TrimEnd()] = Value(line[(equals + 1)..].Trim());
        }
        return variables.ToImmutable();
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"the environment file {path} cannot be read: {e.Message}", e);
        }
    }

    private static string Value(string text) =>
        text switch
        {
            ['\'', .. var inner, '\''] => inner,
            ['"', .. var inner, '"'] => inner
                .Replace("\\n", "\n", StringComparison.Ordinal)
                .Replace("\\\"", "\"", StringComparison.Ordinal)
                .Replace("\\\\", "\\", StringComparison.Ordinal),
            _ => text,
        };
}
