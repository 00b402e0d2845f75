using System.Collections.Immutable;
using Belay.Domain.Plans;

namespace Belay.Planning;

/// <summary>What became of reading a plan. A closed hierarchy.</summary>
public abstract record LoadResult
{
    private LoadResult() { }

    /// <summary>The plan, and the environment for which it was read.</summary>
    public sealed record Loaded(Plan Plan, EnvironmentFile Environment) : LoadResult;

    /// <summary>All that is wrong, by file, line and column; never empty.</summary>
    public sealed record Refused(ImmutableArray<Diagnostic> Diagnostics) : LoadResult;
}
