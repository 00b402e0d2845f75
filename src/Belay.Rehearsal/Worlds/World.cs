using Belay.Domain.Contract;

namespace Belay.Rehearsal.Worlds;

/// <summary>The live system of a rehearsal: cells with values, the writes of clients, and what was violated. It reacts to what is set as the real parts do.</summary>
internal sealed class World
{
    public const string Yes = "yes";
    public const string No = "no";

    /// <summary>A freeze that the frozen store ends by itself, whoever lives.</summary>
    public const string BySelf = "by itself";

    private readonly Dictionary<Cell, string> cells;
    private readonly Dictionary<string, int> effects;
    private readonly HashSet<string> verified;
    private readonly List<Violation> violations;
    private readonly Invariants invariants;
    private ulong signature;

    public World(Scenery scenery)
    {
        Scenery = scenery;
        Records = new Records(scenery);
        (cells, effects, verified, violations) = ([], new(StringComparer.Ordinal), [], []);
        foreach (var (cell, value) in scenery.Beginning)
            Put(cell, value);
        verified.Add(Combination);
        invariants = new Invariants(this);
        Clients();
    }

    private World(World other, TimeProvider clock)
    {
        (Scenery, Records, Clock, signature) = (other.Scenery, other.Records.Fork(), clock, other.signature);
        cells = new(other.cells);
        effects = new(other.effects, StringComparer.Ordinal);
        verified = [.. other.verified];
        violations = [.. other.violations];
        Outages = new(other.Outages, StringComparer.Ordinal);
        invariants = new Invariants(this);
    }

    public Scenery Scenery { get; }

    public Records Records { get; }

    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>Whether the process that works on the world has died: then nothing of it takes effect any more.</summary>
    public Func<bool> IsDead { get; set; } = () => false;

    /// <summary>Told of each change in words; null: nobody listens.</summary>
    public Action<string?, string>? Listener { get; set; }

    /// <summary>What was violated so far.</summary>
    public IReadOnlyList<Violation> Violations => violations;

    /// <summary>Routes that are unserved as a step's impact allows, since when.</summary>
    public Dictionary<string, Outage> Outages { get; } = new(StringComparer.Ordinal);

    public string this[Cell cell] => cells.GetValueOrDefault(cell, cell.Aspect == Aspect.Follows ? "" : No);

    /// <summary>Which releases serve which route, which schemas and which stores of record go with them.</summary>
    public string Combination =>
        string.Join(
            "; ",
            [
                .. Scenery.Routes.Keys.Select(route =>
                    $"{route}: {string.Join("+", Serving(route).Select(ReleaseOf).Distinct().Order(StringComparer.Ordinal))}"
                ),
                .. Scenery
                    .Stores.Where(store => Is(store, Aspect.AcceptsWrites))
                    .Select(store =>
                        this[new(store, Aspect.Schema)] is No
                            ? store
                            : $"{store} at schema {this[new(store, Aspect.Schema)]}"
                    ),
            ]
        );

    /// <summary>All that can matter for what comes, as one number and the state of the writes.</summary>
    public string Signature => $"{signature:x}{Records.Signature()}{violations.Count}";

    /// <summary>A world of its own that is as this one is now.</summary>
    public World Fork(TimeProvider clock) => new(this, clock);

    public bool Is(string subject, Aspect aspect) => this[new(subject, aspect)] == Yes;

    /// <summary>Whether clients can write to a store now.</summary>
    public bool Takes(string store) =>
        Is(store, Aspect.AcceptsWrites) && this[new(store, Aspect.Frozen)] == No && Is(store, Aspect.Exists);

    /// <summary>The members that serve a route.</summary>
    public IEnumerable<string> Serving(string route) =>
        Scenery.Routes[route].Where(member => Is($"{route}/{member}", Aspect.Routed) && Is(member, Aspect.Exists));

    public string ReleaseOf(string member) => this[new(member, Aspect.Release)];

    /// <summary>How often a step's work took effect, undone ones taken off.</summary>
    public int EffectsOf(string step) => effects.GetValueOrDefault(step);

    /// <summary>A step alters the world.</summary>
    /// <exception cref="OperationException">The process has died.</exception>
    public void Set(Cell cell, string value, string step)
    {
        if (IsDead())
            throw OperationException.OutcomeUnknown("the process died");
        Clients();
        var old = this[cell];
        if (old == value)
            return;
        Put(cell, value);
        // Of what does not run its release is no news.
        if (cell.Aspect != Aspect.Release || Is(cell.Subject, Aspect.Exists))
            Listener?.Invoke(step, cell.Words(value));
        React(cell, value, old, step);
        invariants.Judge(cell, value, step);
    }

    /// <summary>A step's work took effect, or was taken back.</summary>
    public void Count(string step, int by, Repeat repeat)
    {
        var net = effects[step] = Math.Max(0, EffectsOf(step) + by);
        if (net > 1 && repeat != Repeat.Safe)
            Violate(Rules.EffectTwice, step, $"the work of '{step}' was done {net} times", step);
    }

    /// <summary>Clients go on writing.</summary>
    public void Clients() => Records.Write(this);

    /// <summary>The combination that runs now is known to work.</summary>
    public void Verify() => verified.Add(Combination);

    public bool RanVerified(string combination) => verified.Contains(combination);

    public void Violate(string code, string subject, string words, string? step)
    {
        if (violations.Exists(known => known.Code == code && known.Subject == subject))
            return;
        violations.Add(new Violation(code, subject, words, step));
        Listener?.Invoke(step, $"VIOLATION {code}: {words}");
    }

    /// <summary>The engine has stopped: freezes that end by themselves have ended.</summary>
    public void Rest()
    {
        foreach (var cell in cells.Where(known => known.Value == BySelf).Select(known => known.Key).ToArray())
        {
            Put(cell, No);
            Listener?.Invoke(null, $"{cell.Words(No)}: the freeze ended by itself");
        }
        Clients();
    }

    /// <summary>Stores that are frozen and do not thaw by themselves.</summary>
    public IEnumerable<string> Frozen =>
        Scenery.Stores.Where(store => Is(store, Aspect.Frozen)).Order(StringComparer.Ordinal);

    /// <summary>A place's sessions end now, whether or not they are over.</summary>
    public void EndSessions(string place, string step)
    {
        if (Is(place, Aspect.Sessions))
            invariants.Cut(place, step);
        Put(new(place, Aspect.Sessions), No);
    }

    /// <summary>Why a member cannot live with a store's schema now; null: it can.</summary>
    public string? WhyOutside(string member) => invariants.Outside(member);

    private void Put(Cell cell, string value)
    {
        if (cells.TryGetValue(cell, out var old))
            signature ^= Signatures.Of(cell, old);
        cells[cell] = value;
        signature ^= Signatures.Of(cell, value);
    }

    private void React(Cell cell, string value, string old, string step)
    {
        switch (cell.Aspect)
        {
            case Aspect.Routed when value == Yes:
                Put(cell with { Aspect = Aspect.Sessions }, Yes);
                break;
            case Aspect.Exists when value == No:
                foreach (var place in Scenery.RoutesOf(cell.Subject).Select(route => $"{route}/{cell.Subject}"))
                    EndSessions(place, step);
                EndSessions(cell.Subject, step);
                Put(cell with { Aspect = Aspect.Sick }, No);
                break;
            case Aspect.Frozen when value != No:
                Records.Quieten(cell.Subject, this);
                break;
            case Aspect.AcceptsWrites
                when value == Yes && this[cell with { Aspect = Aspect.Follows }] is { Length: > 0 } source:
                // A copy whose source is quiet has all of it; one whose source goes on taking writes never has the last.
                if (!Takes(source))
                    Records.CatchUp(cell.Subject, this);
                break;
            case Aspect.Follows when value.Length > 0:
                Records.CatchUp(cell.Subject, this);
                break;
            case Aspect.Follows when old.Length > 0 && !Is(cell.Subject, Aspect.AcceptsWrites):
                Records.Empty(cell.Subject);
                break;
        }
    }
}

/// <summary>A route that is unserved for a while, as a step's impact allows.</summary>
/// <param name="Since">Since when.</param>
/// <param name="AtMost">For how long.</param>
internal sealed record Outage(DateTimeOffset Since, TimeSpan AtMost);
