using System.Collections.Immutable;

namespace Belay.Planning;

/// <summary>What became of reading an environment alone. A closed hierarchy.</summary>
public abstract record EnvironmentResult
{
    private EnvironmentResult() { }

    /// <summary>The environment.</summary>
    public sealed record Loaded(EnvironmentFile Environment) : EnvironmentResult;

    /// <summary>All that is wrong, by file, line and column; never empty.</summary>
    public sealed record Refused(ImmutableArray<Diagnostic> Diagnostics) : EnvironmentResult;
}
