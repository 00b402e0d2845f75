using System.Text.Json;
using Belay.Domain.Contract;
using SimulatedWorld.Watched;

namespace SimulatedWorld;

/// <summary>The live system of a simulation: cells with values, and a log of every effect that the system itself keeps.</summary>
public sealed class World
{
    private readonly Dictionary<string, string> cells = new(StringComparer.Ordinal);
    private readonly List<string> effects = [];
    private int answers;
    private readonly HashSet<string> tokens = new(StringComparer.Ordinal);
    private readonly HashSet<string> atWork = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Step, Moment Moment), Queue<Fault>> faults = [];

    /// <summary>What an operation says whose work goes on by itself.</summary>
    public const string HandedOver = "handed over, and the line broke";

    /// <summary>Whether the process that works on the world has died: then nothing of it takes effect any more.</summary>
    public Func<bool> IsDead { get; set; } = () => false;

    /// <summary>Called just before each effect of an operation: its name, the cell, the value before and after.</summary>
    public Action<string, string, string?, string?>? OnEffect { get; set; }

    /// <summary>Called after each change of a cell, whoever made it.</summary>
    public Action<string>? OnSet { get; set; }

    /// <summary>Called for each operation that is made for a step; what it gives listens to all that is asked of it.</summary>
    public Func<Made, ITranscript?>? OnMade { get; set; }

    /// <summary>Called when a fault is reached.</summary>
    public Action<string, Moment, Fault>? OnFault { get; set; }

    /// <summary>Every effect, in order.</summary>
    public IReadOnlyList<string> Effects => effects;

    /// <summary>The tokens that the system has seen.</summary>
    public IReadOnlyCollection<string> Tokens => tokens;

    /// <summary>The tokens of work that the system was handed and has not carried out yet.</summary>
    public IReadOnlyCollection<string> AtWork => atWork;

    /// <summary>The system cannot tell how much was written.</summary>
    public bool CannotCount { get; set; }

    /// <summary>How long the work of a step takes that takes its time; by the id that its item has in the plan.</summary>
    public IDictionary<string, TimeSpan> Work { get; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    /// <summary>How long the work of a step takes.</summary>
    public TimeSpan WorkOf(string step) =>
        Work.TryGetValue(step.Split('@')[0], out var known) ? known : TimeSpan.FromMilliseconds(5);

    /// <summary>Watches take a little longer now and then.</summary>
    public bool IsSlow { get; set; }

    /// <summary>How long the next answer of a watch takes.</summary>
    public TimeSpan Slowness() => IsSlow ? TimeSpan.FromMilliseconds(++answers * 7 % 5 * 4) : TimeSpan.Zero;

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

    /// <summary>The system forgets a token, because its work was taken back or is called off.</summary>
    public void Forget(string token)
    {
        tokens.Remove(token);
        atWork.Remove(token);
    }

    /// <summary>The system takes work in and carries it out by itself later, whatever has become of whoever handed it over.</summary>
    public void HandOver(string name, string cell, string token, TimeSpan later, TimeProvider clock)
    {
        atWork.Add(token);
        clock.CreateTimer(_ => CarryOut(name, cell, token), null, later, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something that was set going alters the world, whatever has become of whoever set it going.</summary>
    public void ByItself(string name, string cell, string? value)
    {
        Set(cell, value);
        effects.Add(name);
    }

    private void CarryOut(string name, string cell, string token)
    {
        if (!atWork.Remove(token))
            return;
        ByItself(name, cell, (this[cell] ?? "") + "+");
        tokens.Add(token);
    }

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
    /// <returns>True: the work is passed over, and said to be done.</returns>
    public async Task<bool> MeetAsync(string step, Moment moment, TimeProvider clock, CancellationToken ct)
    {
        if (IsDead())
            throw OperationException.OutcomeUnknown("the process died");
        if (!faults.TryGetValue((step, moment), out var queue) || !queue.TryDequeue(out var fault))
            return false;
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
            case Fault.Later:
                throw OperationException.OutcomeUnknown(HandedOver);
            case Fault.Misfit:
                throw new JsonException($"simulated at {moment}");
            case Fault.GivenUp:
                throw new OperationCanceledException($"simulated at {moment}", ct);
            case Fault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, ct);
                break;
            case Fault.Deaf:
                await Task.Delay(TimeSpan.FromHours(2), clock, CancellationToken.None);
                throw OperationException.OutcomeUnknown($"simulated at {moment}");
        }
        return fault == Fault.Idle;
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
    Find,
    Count,
    Restore,
    Verify,
}

/// <summary>What can happen there.</summary>
public enum Fault
{
    Transient,
    Refused,
    Unknown,
    Hang,
    Bug,

    /// <summary>It does not even listen when it is told to stop.</summary>
    Deaf,

    /// <summary>It gives up by itself.</summary>
    GivenUp,

    /// <summary>The inputs do not fit.</summary>
    Misfit,

    /// <summary>It ends without an error, and has done nothing.</summary>
    Idle,

    /// <summary>The work was handed over to the system, which carries it out later; only of operations with a token.</summary>
    Later,
}
