namespace Belay.Domain.Contract;

/// <summary>What a check says of a state that it read.</summary>
public abstract record Verdict
{
    private Verdict() { }

    /// <summary>The condition holds.</summary>
    public sealed record Holds : Verdict;

    /// <summary>The condition does not hold now; waiting may help.</summary>
    /// <param name="Why">What was seen and what was expected.</param>
    public sealed record NotYet(string Why) : Verdict;

    /// <summary>The condition does not hold, and waiting cannot help.</summary>
    /// <param name="Why">What was seen and what was expected.</param>
    public sealed record Broken(string Why) : Verdict;

    /// <summary>The one value of <see cref="Holds"/>.</summary>
    public static Verdict Ok { get; } = new Holds();
}
