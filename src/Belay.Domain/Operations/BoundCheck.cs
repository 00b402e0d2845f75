using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;

namespace Belay.Domain.Operations;

/// <summary>A check made for one step, its states as JSON. Members mean what those of <see cref="ICheck{TState}"/> mean.</summary>
public abstract class BoundCheck : IAsyncDisposable
{
    /// <summary>A check of its own: of an operation, or of the rehearsal in the place of one.</summary>
    protected BoundCheck() { }

    /// <inheritdoc cref="ICheck{TState}.ObserveAsync"/>
    public abstract ValueTask<JsonElement> ObserveAsync(CancellationToken ct);

    /// <inheritdoc cref="ICheck{TState}.Judge"/>
    public abstract Verdict Judge(JsonElement observed);

    /// <summary>Closes the connections that the operation holds.</summary>
    public abstract ValueTask DisposeAsync();
}

internal sealed class BoundCheck<TState>(ICheck<TState> check, JsonTypeInfo<TState> json) : BoundCheck
    where TState : class
{
    public override async ValueTask<JsonElement> ObserveAsync(CancellationToken ct) =>
        JsonSerializer.SerializeToElement(await check.ObserveAsync(ct), json);

    public override Verdict Judge(JsonElement observed) => check.Judge(json.Read(observed));

    public override ValueTask DisposeAsync() => Disposal.OfAsync(check);
}
