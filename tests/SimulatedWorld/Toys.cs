using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using SimulatedWorld.Watched;

namespace SimulatedWorld;

/// <summary>The operations of the simulated world: one for each kind of contract that a real operation can have.</summary>
public static class Toys
{
    /// <summary>The name under which a step reaches its world.</summary>
    public const string Connection = "world";

    /// <summary>All of them. Made once: a search lives many thousand lives, each on a world of its own.</summary>
    public static Catalog Catalog { get; } =
        new([
            new Connector
            {
                Name = "toy",
                Summary = "A simulated system",
                Operations = [.. Unwatched.Select(Watched)],
            },
        ]);

    private static OperationDefinition[] Unwatched =>
        [
            Change("toy.set", Repeat.Safe, Reversal.Exact),
            Change("toy.pair", Repeat.Safe, Reversal.Exact),
            Change("toy.post", Repeat.ByToken, Reversal.Exact),
            Change("toy.run", Repeat.Safe, Reversal.Exact),
            Change("toy.once", Repeat.Never, Reversal.Exact),
            Change("toy.wreck", Repeat.Safe, Reversal.Restore),
            Change("toy.final", Repeat.Safe, Reversal.Never),
            Define.Backup<ToyInputs, ToyState>(
                "toy.save",
                "Saves a cell",
                o => new ToyJson(o),
                inputs =>
                    [
                        new Touch($"cell:{inputs.Cell}", TouchKind.BackUp),
                        new Touch($"cell:{inputs.Cell}.saved", TouchKind.Create),
                    ],
                (inputs, scope) => new ToySave(WorldOf(scope), inputs, scope)
            ),
            Define.Change<ToyInputs, ToyState>(
                "toy.end",
                "Ends a cell for good",
                o => new ToyJson(o),
                Reversal.Never,
                inputs => [new Touch($"cell:{inputs.Cell}", TouchKind.Destroy)],
                (inputs, scope) => new ToySet(WorldOf(scope), inputs, scope, Reversal.Never)
            ),
            Define.Change<ToyInputs, ToyState>(
                "toy.route",
                "Leads users to a cell",
                o => new ToyJson(o),
                Reversal.Exact,
                inputs =>
                    [
                        new Touch($"front:way/{inputs.Cell}", TouchKind.RouteTo),
                        new Touch($"cell:{inputs.Cell}", TouchKind.Modify),
                    ],
                (inputs, scope) => new ToySet(WorldOf(scope), inputs, scope, Reversal.Exact)
            ),
            Define.Check<ToyInputs, ToyState>(
                "toy.idle",
                "Nobody uses a cell",
                o => new ToyJson(o),
                inputs => [new Touch($"cell:{inputs.Cell}", TouchKind.Read) { Proves = Proof.Idle }],
                (inputs, scope) => new ToyIs(WorldOf(scope), inputs, scope)
            ),
            Define.Check<ToyInputs, ToyState>(
                "toy.is",
                "A cell has a value",
                o => new ToyJson(o),
                inputs => [new Touch($"cell:{inputs.Cell}", TouchKind.Read)],
                (inputs, scope) => new ToyIs(WorldOf(scope), inputs, scope)
            ),
        ];

    private static OperationDefinition Watched(OperationDefinition operation) =>
        operation switch
        {
            ChangeDefinition change => new WatchedChangeDefinition(change),
            CheckDefinition check => new WatchedCheckDefinition(check),
            _ => operation,
        };

    private static World WorldOf(IScope scope) => scope.Connection<World>(Connection);

    private static ChangeDefinition Change(string name, Repeat repeat, Reversal reversal) =>
        Define.Change<ToyInputs, ToyState>(
            name,
            "Alters a cell",
            o => new ToyJson(o),
            reversal,
            // A command does not say what it works on.
            inputs => [new Touch($"{(repeat == Repeat.Never ? "shell" : "cell")}:{inputs.Cell}", TouchKind.Modify)],
            (inputs, scope) =>
                repeat switch
                {
                    _ when name == "toy.run" => new ToyRun(WorldOf(scope), inputs, scope),
                    Repeat.ByToken => new ToyPost(WorldOf(scope), inputs, scope, reversal),
                    Repeat.Never => new ToyOnce(WorldOf(scope), inputs, scope),
                    _ when name == "toy.pair" => new ToyPair(WorldOf(scope), inputs, scope),
                    _ => new ToySet(WorldOf(scope), inputs, scope, reversal),
                }
        );
}

public sealed record ToyInputs
{
    public required string Cell { get; init; }

    public string Value { get; init; } = "new";

    public Secret? Key { get; init; }

    [Connection("toy")]
    public string? Connection { get; init; }
}

public sealed record ToyState
{
    public string? Value { get; init; }

    public string? Second { get; init; }

    public bool Seen { get; init; }

    public string? Saved { get; init; }

    /// <summary>A list that later steps can walk.</summary>
    public ImmutableArray<ToyMember>? Names { get; init; }

    /// <summary>Something that no journal may hold.</summary>
    public Secret? Key { get; init; }
}

public sealed record ToyMember
{
    public required string Name { get; init; }

    public required string Zone { get; init; }
}

[JsonSerializable(typeof(ToyInputs))]
[JsonSerializable(typeof(ToyState))]
internal sealed partial class ToyJson : JsonSerializerContext;

/// <summary>Safe to repeat.</summary>
internal sealed class ToySet(World world, ToyInputs inputs, IScope scope, Reversal reversal) : IChange<ToyState>
{
    /// <summary>What is in a cell with this value cannot be brought back.</summary>
    public const string Locked = "locked";

    public async ValueTask<ToyState> ObserveAsync(CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Observe, scope.Clock, ct);
        return new ToyState { Value = world[inputs.Cell] };
    }

    public Difference Plan(ToyState observed) =>
        observed.Value == inputs.Value
            ? Difference.None
            : Difference.Of(
                observed.Value == Locked ? Reversal.Never : reversal,
                new DifferenceLine(inputs.Cell, observed.Value, inputs.Value)
            );

    public bool Same(ToyState a, ToyState b) => a.Value == b.Value;

    public Repeat Repeat => Repeat.Safe;

    public async IAsyncEnumerable<Progress> ApplyAsync(ToyState before, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await world.MeetAsync(scope.StepId, Moment.BeforeEffect, scope.Clock, ct))
            yield break;
        yield return Progress.Say("about to");
        await Task.Delay(world.WorkOf(scope.StepId), scope.Clock, ct);
        world.Effect($"apply {scope.StepId}", inputs.Cell, inputs.Value);
        await world.MeetAsync(scope.StepId, Moment.AfterEffect, scope.Clock, ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ToyState before,
        ToyState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (await world.MeetAsync(scope.StepId, Moment.Undo, scope.Clock, ct))
            yield break;
        yield return Progress.Say("going back");
        await Task.Delay(TimeSpan.FromMilliseconds(5), scope.Clock, ct);
        if (world[inputs.Cell] != before.Value)
            world.Effect($"undo {scope.StepId}", inputs.Cell, before.Value);
    }
}

/// <summary>Lets a child process do its work.</summary>
internal sealed class ToyRun(World world, ToyInputs inputs, IScope scope) : IChange<ToyState>
{
    private readonly ToySet set = new(world, inputs, scope, Reversal.Exact);

    public ValueTask<ToyState> ObserveAsync(CancellationToken ct) => set.ObserveAsync(ct);

    public Difference Plan(ToyState observed) => set.Plan(observed);

    public bool Same(ToyState a, ToyState b) => set.Same(a, b);

    public Repeat Repeat => Repeat.Safe;

    public async IAsyncEnumerable<Progress> ApplyAsync(ToyState before, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await world.MeetAsync(scope.StepId, Moment.BeforeEffect, scope.Clock, ct))
            yield break;
        yield return new Progress { Message = "running", Checkpoint = JsonElement.Parse("""{"at":1}""") };
        var command = new Command { Program = "work", Arguments = [inputs.Cell, inputs.Value] };
        await scope.Commands.RunAsync(command, output: null, ct);
        await world.MeetAsync(scope.StepId, Moment.AfterEffect, scope.Clock, ct);
    }

    public IAsyncEnumerable<Progress> UndoAsync(ToyState before, ToyState? after, CancellationToken ct) =>
        set.UndoAsync(before, after, ct);
}

/// <summary>Two effects, with a place half-way between them.</summary>
internal sealed class ToyPair(World world, ToyInputs inputs, IScope scope) : IChange<ToyState>
{
    private string Second => inputs.Cell + ".second";

    public async ValueTask<ToyState> ObserveAsync(CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Observe, scope.Clock, ct);
        return new ToyState { Value = world[inputs.Cell], Second = world[Second] };
    }

    public Difference Plan(ToyState observed) =>
        Difference.Of(
            Reversal.Exact,
            new[]
            {
                new DifferenceLine(inputs.Cell, observed.Value, inputs.Value),
                new DifferenceLine(Second, observed.Second, inputs.Value),
            }.Where(line => line.From != line.To)
        ) with
        {
            UndoCost = "two cells are written",
        };

    public bool Same(ToyState a, ToyState b) => a.Value == b.Value && a.Second == b.Second;

    public Repeat Repeat => Repeat.Safe;

    public async IAsyncEnumerable<Progress> ApplyAsync(ToyState before, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await world.MeetAsync(scope.StepId, Moment.BeforeEffect, scope.Clock, ct))
            yield break;
        if (world[inputs.Cell] != inputs.Value)
            world.Effect($"apply {scope.StepId}", inputs.Cell, inputs.Value);
        yield return Progress.Count(1, 2, "cells");
        await world.MeetAsync(scope.StepId, Moment.HalfWay, scope.Clock, ct);
        if (world[Second] != inputs.Value)
            world.Effect($"apply second {scope.StepId}", Second, inputs.Value);
        await world.MeetAsync(scope.StepId, Moment.AfterEffect, scope.Clock, ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ToyState before,
        ToyState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (await world.MeetAsync(scope.StepId, Moment.Undo, scope.Clock, ct))
            yield break;
        yield return Progress.Say("going back");
        if (world[Second] != before.Second)
            world.Effect($"undo second {scope.StepId}", Second, before.Second);
        if (world[inputs.Cell] != before.Value)
            world.Effect($"undo {scope.StepId}", inputs.Cell, before.Value);
    }
}

/// <summary>Carries a token; the world remembers it.</summary>
internal sealed class ToyPost(World world, ToyInputs inputs, IScope scope, Reversal reversal)
    : IChange<ToyState>,
        ITokenSearch
{
    public async ValueTask<ToyState> ObserveAsync(CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Observe, scope.Clock, ct);
        return new ToyState { Value = world[inputs.Cell], Seen = world.Tokens.Contains(scope.Token) };
    }

    public Difference Plan(ToyState observed) =>
        observed.Seen
            ? Difference.None
            : Difference.Of(reversal, new DifferenceLine(inputs.Cell, observed.Value, "posted"));

    public bool Same(ToyState a, ToyState b) => a.Value == b.Value;

    public Repeat Repeat => Repeat.ByToken;

    public async ValueTask<TokenTrace> FindAsync(CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Find, scope.Clock, ct);
        return world.Tokens.Contains(scope.Token) ? TokenTrace.Done
            : world.AtWork.Contains(scope.Token) ? TokenTrace.Running
            : TokenTrace.Unknown;
    }

    public async IAsyncEnumerable<Progress> ApplyAsync(ToyState before, [EnumeratorCancellation] CancellationToken ct)
    {
        bool isIdle;
        try
        {
            isIdle = await world.MeetAsync(scope.StepId, Moment.BeforeEffect, scope.Clock, ct);
        }
        catch (OperationException e) when (e.Message == World.HandedOver)
        {
            var later = TimeSpan.FromSeconds(scope.StepId.Length * 4);
            world.HandOver($"apply {scope.StepId}", inputs.Cell, scope.Token, later, scope.Clock);
            throw;
        }
        if (isIdle)
            yield break;
        yield return Progress.Say("posting");
        world.Effect($"apply {scope.StepId}", inputs.Cell, (world[inputs.Cell] ?? "") + "+", scope.Token);
        await world.MeetAsync(scope.StepId, Moment.AfterEffect, scope.Clock, ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ToyState before,
        ToyState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        // What is at work would come all the same.
        if (await world.MeetAsync(scope.StepId, Moment.Undo, scope.Clock, ct) && world.Tokens.Contains(scope.Token))
            yield break;
        yield return Progress.Say("going back");
        if (!world.Tokens.Contains(scope.Token))
        {
            world.Forget(scope.Token);
            yield break;
        }
        world.Effect($"undo {scope.StepId}", inputs.Cell, before.Value);
        world.Forget(scope.Token);
    }
}

/// <summary>Cannot see its own work: a command without a check.</summary>
internal sealed class ToyOnce(World world, ToyInputs inputs, IScope scope) : IChange<ToyState>
{
    public async ValueTask<ToyState> ObserveAsync(CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Observe, scope.Clock, ct);
        return new ToyState();
    }

    public Difference Plan(ToyState observed) =>
        Difference.Of(Reversal.Exact, new DifferenceLine("command", null, "run"));

    public bool Same(ToyState a, ToyState b) => true;

    public Repeat Repeat => Repeat.Never;

    public async IAsyncEnumerable<Progress> ApplyAsync(ToyState before, [EnumeratorCancellation] CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.BeforeEffect, scope.Clock, ct);
        yield return Progress.Say("running");
        world.Effect($"apply {scope.StepId}", inputs.Cell, (world[inputs.Cell] ?? "") + "!");
        await world.MeetAsync(scope.StepId, Moment.AfterEffect, scope.Clock, ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ToyState before,
        ToyState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await world.MeetAsync(scope.StepId, Moment.Undo, scope.Clock, ct);
        yield return Progress.Say("going back");
        if (world[inputs.Cell] is not null)
            world.Effect($"undo {scope.StepId}", inputs.Cell, null);
    }
}

/// <summary>A backup.</summary>
internal sealed class ToySave(World world, ToyInputs inputs, IScope scope) : IBackup<ToyState>
{
    /// <summary>What no journal may hold.</summary>
    public const string Key = "canary-of-a-backup";

    private static readonly ImmutableArray<ToyMember> Members =
    [
        new ToyMember { Name = "n1", Zone = "east" },
        new ToyMember { Name = "n2", Zone = "west" },
        new ToyMember { Name = "n1", Zone = "twice" },
    ];

    private string Saved => inputs.Cell + ".saved";

    public async ValueTask<ToyState> ObserveAsync(CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Observe, scope.Clock, ct);
        return world[Saved] is { } saved && saved.StartsWith(scope.RunId, StringComparison.Ordinal)
            ? new ToyState
            {
                Saved = saved,
                Names = Members,
                Key = new Secret(Key),
            }
            : new ToyState { Saved = world[Saved] };
    }

    public Difference Plan(ToyState observed) =>
        observed.Saved?.StartsWith(scope.RunId, StringComparison.Ordinal) == true
            ? Difference.None
            : Difference.Of(Reversal.Exact, new DifferenceLine(Saved, observed.Saved, "a backup of this run"));

    public bool Same(ToyState a, ToyState b) => a.Saved == b.Saved;

    public Repeat Repeat => Repeat.Safe;

    public async IAsyncEnumerable<Progress> ApplyAsync(ToyState before, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await world.MeetAsync(scope.StepId, Moment.BeforeEffect, scope.Clock, ct))
            yield break;
        yield return Progress.Say("saving");
        world.Effect($"apply {scope.StepId}", Saved, $"{scope.RunId}:{world[inputs.Cell]}");
        await world.MeetAsync(scope.StepId, Moment.AfterEffect, scope.Clock, ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ToyState before,
        ToyState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (await world.MeetAsync(scope.StepId, Moment.Undo, scope.Clock, ct))
            yield break;
        yield return Progress.Say("removing");
        if (world[Saved] != before.Saved)
            world.Effect($"undo {scope.StepId}", Saved, before.Saved);
    }

    public async ValueTask<Loss> CountLossAsync(ToyState after, CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Count, scope.Clock, ct);
        return new Loss
        {
            Count = world.CannotCount ? null : world.Effects.Count,
            Unit = "writes",
            Since = scope.Now(),
        };
    }

    public async IAsyncEnumerable<Progress> RestoreAsync(ToyState after, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await world.MeetAsync(scope.StepId, Moment.Restore, scope.Clock, ct))
            yield break;
        yield return Progress.Say("restoring");
        world.Effect($"restore {scope.StepId}", inputs.Cell, ValueIn(after));
    }

    public async ValueTask<Verdict> VerifyRestoredAsync(ToyState after, CancellationToken ct)
    {
        await world.MeetAsync(scope.StepId, Moment.Verify, scope.Clock, ct);
        return world[inputs.Cell] == ValueIn(after)
            ? Verdict.Ok
            : new Verdict.Broken("the cell is not as it was saved");
    }

    private static string? ValueIn(ToyState after) =>
        after.Saved![(after.Saved!.IndexOf(':', StringComparison.Ordinal) + 1)..] is { Length: > 0 } value
            ? value
            : null;
}

/// <summary>A check.</summary>
internal sealed class ToyIs(World world, ToyInputs inputs, IScope scope) : ICheck<ToyState>
{
    public async ValueTask<ToyState> ObserveAsync(CancellationToken ct)
    {
        if (scope.StepId.StartsWith("watch.", StringComparison.Ordinal) && world.Slowness() is { Ticks: > 0 } slow)
            await Task.Delay(slow, scope.Clock, ct);
        await world.MeetAsync(scope.StepId, Moment.Observe, scope.Clock, ct);
        return new ToyState { Value = world[inputs.Cell] };
    }

    public Verdict Judge(ToyState observed) =>
        observed.Value == inputs.Value ? Verdict.Ok
        : observed.Value == "broken" ? new Verdict.Broken($"{inputs.Cell} is broken")
        : new Verdict.NotYet($"{inputs.Cell} is {observed.Value ?? "empty"}, not {inputs.Value}");
}
