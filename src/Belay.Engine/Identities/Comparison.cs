using System.Collections.Immutable;
using Belay.Domain.Environments;

namespace Belay.Engine.Identities;

/// <summary>The systems of an environment as they are now, beside those that are known. Pure.</summary>
internal sealed record Comparison
{
    /// <summary>The environment.</summary>
    public required string Environment { get; init; }

    /// <summary>What is known.</summary>
    public required EnvironmentIdentity Known { get; init; }

    /// <summary>What each connection's system says of itself now.</summary>
    public required ImmutableArray<Sighting> Seen { get; init; }

    /// <summary>The systems that are known and are not the ones that answer now; a line each, with both ids and the way to accept.</summary>
    public ImmutableArray<string> Strangers => [.. Seen.Select(WhyStranger).OfType<string>()];

    /// <summary>Why a change that cannot be taken back exactly must not touch this environment; empty when it may. A connection that it names must be readable and known.</summary>
    public ImmutableArray<string> ReasonsAgainst(IReadOnlyCollection<string> named) =>
        [
            .. Seen.Select(seen => WhyStranger(seen) ?? (named.Contains(seen.Connection) ? WhyUnproven(seen) : null))
                .OfType<string>(),
        ];

    /// <summary>What is known from now on: the systems that were known, and those that were seen for the first time.</summary>
    public EnvironmentIdentity Learned(DateTimeOffset now) =>
        Known with
        {
            Systems = Known.Systems.AddRange(
                Seen.Where(seen => seen.Id is not null && !Known.Systems.ContainsKey(seen.Connection))
                    .Select(seen =>
                        KeyValuePair.Create(seen.Connection, new KnownSystem { Id = seen.Id!, Since = now })
                    )
            ),
            NotCompared = null,
        };

    /// <summary>For the journal: what was compared, and what was not; null when the environment has nothing that could be.</summary>
    public EnvironmentIdentity? Account(DateTimeOffset now) =>
        Seen.IsEmpty
            ? null
            : Learned(now) with
            {
                NotCompared = Seen.Where(seen => seen.Id is null)
                    .ToImmutableSortedDictionary(
                        seen => seen.Connection,
                        seen => seen.Unreadable ?? "it has no id of its own",
                        StringComparer.Ordinal
                    )
                    is { IsEmpty: false } not
                    ? not
                    : null,
            };

    private string? WhyStranger(Sighting seen) =>
        seen.Unreadable is null && Known.Systems.TryGetValue(seen.Connection, out var known) && known.Id != seen.Id
            ? $"'{seen.Connection}' of environment '{Environment}' is another system than the one that is known since {known.Since:u}: "
                + $"known is {known.Id}, it says {seen.Id ?? "that it has no id"}. {Correct(seen)}"
            : null;

    private string? WhyUnproven(Sighting seen) =>
        seen.Unreadable is { } why
            ? $"which system '{seen.Connection}' of environment '{Environment}' is cannot be read: {why}"
        : seen.Id is not null && !Known.Systems.ContainsKey(seen.Connection)
            ? $"'{seen.Connection}' of environment '{Environment}' answered for the first time in the middle of this run, as {seen.Id}: nothing says that it is the one that is meant. {Correct(seen)}"
        : null;

    private string Correct(Sighting seen) =>
        seen.Id is null
            ? "Correct the connection"
            : $"Correct the connection; or, when it has taken the other one's place: belay environment accept {seen.Connection} --id {seen.Id} --env {Environment} --reason ...";
}

/// <summary>What one connection's system says of itself now.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Id">The id; null: it has none, or could not be read.</param>
/// <param name="Unreadable">Why it could not be read; null: it could.</param>
internal sealed record Sighting(string Connection, string? Id, string? Unreadable = null);
