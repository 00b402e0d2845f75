using System.Text.Json;
using ConnectorKit;

namespace Belay.Connectors.Tests.S3;

/// <summary>A change carried out as the engine does.</summary>
internal static class Doing
{
    /// <summary>Applies it.</summary>
    /// <returns>What was observed before.</returns>
    public static async Task<JsonElement> ApplyAsync(this ChangeFixture fixture, CancellationToken ct)
    {
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(ct);
        await foreach (var _ in change.ApplyAsync(before, ct)) { }
        return before;
    }

    /// <summary>Takes it back.</summary>
    public static async Task UndoAsync(this ChangeFixture fixture, JsonElement before, CancellationToken ct)
    {
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        await foreach (var _ in change.UndoAsync(before, await change.ObserveAsync(ct), ct)) { }
    }
}
