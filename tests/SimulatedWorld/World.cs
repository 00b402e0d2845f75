using Belay.Domain.Contract;

namespace SimulatedWorld;

/// <summary>The live system of a simulation: cells with values, and a log of every effect that the system itself keeps.</summary>
public sealed class World
{
    private readonly Dictionary<string, string> cells = new(StringComparer.Ordinal);
    private readonly List<string> effects = [];
    private readonly HashSet<string> tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Step, Moment Moment), Queue<Fault>> faults = [];

    /// <summary>Whether the process that works on the world has died: then nothing of it takes effect any more.</summary>
    public Func<bool> IsDead { get; set; } = () => false;

    /// <summary>Called just before each effect of an operation: its name, the cell, the value before and after.</summary>
    public Action<string, string, string?, string?>? OnEffect { get; set; }

    /// <summary>Called after each change of a cell, whoever made it.</summary>
    public Action<string>? OnSet { get; set; }

    /// <summary>Called when a fault is reached.</summary>
    public Action<string, Moment, Fault>? OnFault { get; set; }

    /// <summary>Every effect, in order.</summary>
    public IReadOnlyList<string> Effects => effects;

    /// <summary>The tokens that the system has seen.</summary>
    public IReadOnlyCollection<string> Tokens => tokens;

    /// <summary>Faults that were reached so far, by kind.</summary>
    public IDictionary<Fault, int> Reached { get; } = new Dictionary<Fault, int>();

    public string? this[string cell] => cells.GetValueOrDefault(cell);

    /// <summary>A picture of all cells that are not empty.</summary>
    public IReadOnlyDictionary<string, string> Snapshot() =>
        new Dictionary<string, string>(cells, StringComparer.Ordinal);

    /// <summary>Something happens at a step the next time it comes to that moment.</summary>
    public void Inject(string step, Moment moment, Fault fault)
    {
        if (!faults.TryGetValue((step, moment), out var queue))
            faults.Add((step, moment), queue = new());
        queue.Enqueue(fault);
    }

    /// <summary>All faults are over.</summary>
    public void Heal() => faults.Clear();

    /// <summary>Alters the world as an operation does.</summary>
    public void Effect(string name, string cell, string? value, string? token = null)
    {
        if (IsDead())
            throw OperationException.OutcomeUnknown("the process died");
        OnEffect?.Invoke(name, cell, this[cell], value);
        Set(cell, value);
        effects.Add(name);
        if (token is not null)
            tokens.Add(token);
    }

    /// <summary>The system forgets a token, because its work was taken back.</summary>
    public void Forget(string token) => tokens.Remove(token);

    /// <summary>Alters the world as a stranger does.</summary>
    public void Set(string cell, string? value)
    {
        if (value is null)
            cells.Remove(cell);
        else
            cells[cell] = value;
        OnSet?.Invoke(cell);
    }

    /// <summary>Lets the fault of this moment happen, if there is one.</summary>
    public async Task MeetAsync(string step, Moment moment, TimeProvider clock, CancellationToken ct)
    {
        if (IsDead())
            throw OperationException.OutcomeUnknown("the process died");
        if (!faults.TryGetValue((step, moment), out var queue) || !queue.TryDequeue(out var fault))
            return;
        Reached[fault] = Reached.TryGetValue(fault, out var times) ? times + 1 : 1;
        OnFault?.Invoke(step, moment, fault);
        switch (fault)
        {
            case Fault.Transient:
                throw OperationException.Transient($"simulated at {moment}");
            case Fault.Refused:
                throw OperationException.Refused($"simulated at {moment}");
            case Fault.Unknown:
                throw OperationException.OutcomeUnknown($"simulated at {moment}");
            case Fault.Bug:
                throw new InvalidOperationException($"simulated at {moment}");
            case Fault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct);
                break;
        }
    }
}

/// <summary>Where in an operation a fault can happen.</summary>
public enum Moment
{
    Observe,
    BeforeEffect,
    HalfWay,
    AfterEffect,
    Undo,
}

/// <summary>What can happen there.</summary>
public enum Fault
{
    Transient,
    Refused,
    Unknown,
    Hang,
    Bug,
}
