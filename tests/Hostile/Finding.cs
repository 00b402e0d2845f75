namespace Hostile;

/// <summary>An input on which something is wrong.</summary>
/// <param name="Seed">The seed that makes the input again.</param>
/// <param name="Target">What was given the input.</param>
/// <param name="Sample">What it was made from.</param>
/// <param name="What">What is wrong.</param>
internal sealed record Finding(int Seed, string Target, string Sample, string What)
{
    /// <summary>Equal for findings that have one cause, as far as a machine can tell: the exception and where it was thrown.</summary>
    public string Kind =>
        string.Join(
            '|',
            What.Split('\n')
                .Where((line, index) => index == 0 || line.Contains("Belay", StringComparison.Ordinal))
                .Take(4)
                .Select(line => new string([.. line.Where(letter => !char.IsAsciiDigit(letter))]))
                .Select(line => line.Length > 160 ? line[..160] : line)
        );

    public override string ToString() => $"seed {Seed}, {Target} made from {Sample}: {What}";
}

/// <summary>Something that must hold does not.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
