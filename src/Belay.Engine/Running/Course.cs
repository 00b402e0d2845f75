using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Engine.Parking;

namespace Belay.Engine.Running;

/// <summary>One line of execution that stops as a whole: the run, or one member of a loop inside it.</summary>
internal sealed class Course : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource hurry;
    private readonly Lock gate = new();
    private Stop? failure;

    private Course(Course? parent, string suffix, ImmutableDictionary<string, JsonElement> variables)
    {
        (Parent, Suffix, Variables) = (parent, suffix, variables);
        stop = parent is null ? new() : CancellationTokenSource.CreateLinkedTokenSource(parent.Stopping);
        hurry = parent is null ? new() : CancellationTokenSource.CreateLinkedTokenSource(parent.Hurrying);
    }

    public Course? Parent { get; }

    /// <summary>What is put behind the ids of steps: <c>@web1</c> inside a loop; empty outside.</summary>
    public string Suffix { get; }

    /// <summary>What is put behind ids of steps here: of the own member first, then of the loops around it, empty at last.</summary>
    public IEnumerable<string> Suffixes
    {
        get
        {
            for (var at = this; at is not null; at = at.Parent)
                yield return at.Suffix;
        }
    }

    /// <summary>The values of the loops' variables.</summary>
    public ImmutableDictionary<string, JsonElement> Variables { get; }

    /// <summary>Cancelled when nothing new may start: waits end at once, changes at their next safe point.</summary>
    public CancellationToken Stopping => stop.Token;

    /// <summary>Cancelled when not even the grace of a halt is left: a freeze is at its deadline.</summary>
    public CancellationToken Hurrying => hurry.Token;

    /// <summary>Why nothing new may start; null while all is well.</summary>
    public Stop? Failure
    {
        get
        {
            lock (gate)
                return failure ?? Parent?.Failure;
        }
    }

    /// <summary>Where the run parks; null: it does not. A failure outweighs it.</summary>
    public ParkingSpot? Parking { get; private set; }

    public static Course Root() => new(null, "", ImmutableDictionary<string, JsonElement>.Empty);

    public Course Member(string variable, LoopMember member) =>
        new(this, $"{Suffix}@{member.Key}", Variables.SetItem(variable, member.Value));

    /// <summary>Stops the course. The first reason stands. Always false, so that a runner can end with it.</summary>
    public bool Fail(HaltCause cause, string why, string? step = null)
    {
        lock (gate)
            failure ??= new Stop(cause, why, step);
        stop.Cancel();
        return false;
    }

    /// <summary>Stops the course, and what is under way in it without any grace.</summary>
    public void FailAtOnce(HaltCause cause, string why, string step)
    {
        Fail(cause, why, step);
        hurry.Cancel();
    }

    /// <summary>Has the run park: it goes no further, though nothing failed.</summary>
    public void Park(ParkingSpot spot) => Parking = spot;

    public string IdOf(string id) => id + Suffix;

    public void Dispose()
    {
        stop.Dispose();
        hurry.Dispose();
    }
}

/// <summary>Why a course stopped.</summary>
internal sealed record Stop(HaltCause Cause, string Why, string? Step);
