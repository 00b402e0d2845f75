using System.Text.Json;
using Belay.Domain.Environments;
using Belay.Domain.Journal;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Which systems an environment is known to consist of: a stranger is never worked on, and what is final names only what is known.</summary>
internal sealed class Identities(SimulatedEnvironment environment)
{
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    public bool AreKnown => environment.Ids.Count > 0;

    /// <summary>Two connections that are known to lead to one system.</summary>
    public bool AreOne(string one, string other) =>
        one != other
        && known.TryGetValue(one, out var here)
        && known.TryGetValue(other, out var there)
        && here == there;

    /// <summary>A system takes its time to say which one it is.</summary>
    public bool IsSlow => AreKnown;

    /// <summary>A system is another one than the one that is known.</summary>
    public bool IsStrange =>
        Seen().Any(seen => seen.IsReadable && known.TryGetValue(seen.Name, out var id) && id != seen.Id);

    /// <summary>Whether something that cannot be taken back exactly may not begin.</summary>
    public bool IsAgainst(JsonElement inputs) =>
        IsAgainst(inputs.TryGetProperty("connection", out var name) ? name.GetString() : null);

    public bool IsAgainst(string? named) =>
        IsStrange
        || Seen()
            .Any(seen =>
                seen.Name == named && (!seen.IsReadable || (seen.Id is not null && !known.ContainsKey(seen.Name)))
            );

    /// <summary>What is journaled of a comparison.</summary>
    public bool IsRight(EnvironmentIdentity? identity)
    {
        if (!AreKnown)
            return identity is null;
        var right = new Dictionary<string, string>(known, StringComparer.Ordinal);
        foreach (var seen in Seen().Where(seen => seen.Id is not null))
            right.TryAdd(seen.Name, seen.Id!);
        var not = Seen().Where(seen => seen.Id is null).Select(seen => seen.Name).Order(StringComparer.Ordinal);
        return identity?.Systems is { } systems
            && systems
                .Select(system => (system.Key, system.Value.Id))
                .SequenceEqual(
                    right.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value))
                )
            && (identity.NotCompared?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()).SequenceEqual(
                not
            );
    }

    /// <summary>An order was let in: whoever answered is known from now on.</summary>
    public void After(Session session, JournalEvent happened)
    {
        switch (happened)
        {
            case RunStarted { Identity: var identity }:
                Admitted(session, identity);
                break;
            case RunResumed { Identity: var identity }:
                Admitted(session, identity);
                break;
            case IdentityCompared { Identity: var identity } when !IsRight(identity):
                session.Accuse($"the systems were compared as {string.Join(", ", identity.Systems)}");
                break;
        }
    }

    /// <summary>An order to go back was let in, without a word in the journal.</summary>
    public void Learn()
    {
        foreach (var seen in Seen().Where(seen => seen.Id is not null))
            known.TryAdd(seen.Name, seen.Id!);
    }

    /// <summary>A parked run woke: its systems are compared before it goes on, without a word in the journal.</summary>
    public void Woken(Session session)
    {
        if (session.Stage.Store.Waiting(Stage.Run).Any(pending => pending.Request is Belay.Engine.Ports.HaltRequest))
            return;
        if (IsStrange)
            session.Add(HaltCause.OtherSystem, null, null, "");
        else if (!session.Order.Halt.IsCancellationRequested)
            Learn();
    }

    private void Admitted(Session session, EnvironmentIdentity? identity)
    {
        if (IsStrange)
            session.Accuse("an order was let in on another system than the one that is known");
        if (!IsRight(identity))
            session.Accuse(
                $"an order was let in with {string.Join(", ", identity?.Systems.Select(system => $"{system.Key} {system.Value.Id}") ?? [])}"
            );
        Learn();
    }

    private IEnumerable<(string Name, bool IsReadable, string? Id)> Seen()
    {
        foreach (var (name, id) in environment.Ids)
        {
            string? seen = null;
            var isReadable = true;
            try
            {
                seen = id();
            }
            catch (Belay.Domain.Contract.OperationException)
            {
                isReadable = false;
            }
            yield return (name, isReadable, seen);
        }
    }
}
