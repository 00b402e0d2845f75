using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;

namespace Belay.Domain.Operations;

/// <summary>A change made for one step, its states as JSON: what the engine and the journal work with. Members mean what those of <see cref="IChange{TState}"/> mean.</summary>
public abstract class BoundChange : IAsyncDisposable
{
    /// <summary>A change of its own: of an operation, or of the rehearsal in the place of one.</summary>
    protected BoundChange() { }

    /// <inheritdoc cref="IChange{TState}.ObserveAsync"/>
    public abstract ValueTask<JsonElement> ObserveAsync(CancellationToken ct);

    /// <inheritdoc cref="IChange{TState}.Plan"/>
    public abstract Difference Plan(JsonElement observed);

    /// <inheritdoc cref="IChange{TState}.Same"/>
    public abstract bool Same(JsonElement a, JsonElement b);

    /// <inheritdoc cref="IChange{TState}.Repeat"/>
    public abstract Repeat Repeat { get; }

    /// <inheritdoc cref="IChange{TState}.ApplyAsync"/>
    public abstract IAsyncEnumerable<Progress> ApplyAsync(JsonElement before, CancellationToken ct);

    /// <inheritdoc cref="IChange{TState}.UndoAsync"/>
    public abstract IAsyncEnumerable<Progress> UndoAsync(JsonElement before, JsonElement? after, CancellationToken ct);

    /// <summary>Where the step's token can be looked for; null when the change carries none.</summary>
    public abstract ITokenSearch? Tokens { get; }

    /// <summary>The change as a backup; null when it is none.</summary>
    public abstract BoundBackup? Backup { get; }

    /// <summary>Closes the connections that the operation holds.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A backup made for one step, its states as JSON. Members mean what those of <see cref="IBackup{TState}"/> mean.</summary>
public abstract class BoundBackup
{
    /// <summary>A backup of its own: of an operation, or of the rehearsal in the place of one.</summary>
    protected BoundBackup() { }

    /// <inheritdoc cref="IBackup{TState}.CountLossAsync"/>
    public abstract ValueTask<Loss> CountLossAsync(JsonElement after, CancellationToken ct);

    /// <inheritdoc cref="IBackup{TState}.RestoreAsync"/>
    public abstract IAsyncEnumerable<Progress> RestoreAsync(JsonElement after, CancellationToken ct);

    /// <inheritdoc cref="IBackup{TState}.VerifyRestoredAsync"/>
    public abstract ValueTask<Verdict> VerifyRestoredAsync(JsonElement after, CancellationToken ct);
}

internal sealed class BoundChange<TState>(IChange<TState> change, JsonTypeInfo<TState> json) : BoundChange
    where TState : class
{
    public override async ValueTask<JsonElement> ObserveAsync(CancellationToken ct) =>
        JsonSerializer.SerializeToElement(await change.ObserveAsync(ct), json);

    public override Difference Plan(JsonElement observed) => change.Plan(json.Read(observed));

    public override bool Same(JsonElement a, JsonElement b) => change.Same(json.Read(a), json.Read(b));

    public override Repeat Repeat => change.Repeat;

    public override IAsyncEnumerable<Progress> ApplyAsync(JsonElement before, CancellationToken ct) =>
        change.ApplyAsync(json.Read(before), ct);

    public override IAsyncEnumerable<Progress> UndoAsync(
        JsonElement before,
        JsonElement? after,
        CancellationToken ct
    ) => change.UndoAsync(json.Read(before), after is { } a ? json.Read(a) : null, ct);

    public override ITokenSearch? Tokens => change as ITokenSearch;

    public override BoundBackup? Backup =>
        change is IBackup<TState> backup ? new BoundBackup<TState>(backup, json) : null;

    public override ValueTask DisposeAsync() => Disposal.OfAsync(change);
}

internal sealed class BoundBackup<TState>(IBackup<TState> backup, JsonTypeInfo<TState> json) : BoundBackup
    where TState : class
{
    public override ValueTask<Loss> CountLossAsync(JsonElement after, CancellationToken ct) =>
        backup.CountLossAsync(json.Read(after), ct);

    public override IAsyncEnumerable<Progress> RestoreAsync(JsonElement after, CancellationToken ct) =>
        backup.RestoreAsync(json.Read(after), ct);

    public override ValueTask<Verdict> VerifyRestoredAsync(JsonElement after, CancellationToken ct) =>
        backup.VerifyRestoredAsync(json.Read(after), ct);
}

internal static class StateReading
{
    public static TState Read<TState>(this JsonTypeInfo<TState> json, JsonElement state)
        where TState : class => state.Deserialize(json) ?? throw new JsonException("the state is null");
}

internal static class Disposal
{
    public static async ValueTask OfAsync(object operation)
    {
        if (operation is IAsyncDisposable later)
            await later.DisposeAsync();
        else if (operation is IDisposable now)
            now.Dispose();
    }
}
