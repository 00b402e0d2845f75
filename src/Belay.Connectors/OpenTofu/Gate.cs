using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.OpenTofu;

/// <summary>One resource that may be lost, named by a person.</summary>
public sealed record AllowedLoss
{
    /// <summary>The resource's address, exactly.</summary>
    public required string Address { get; init; }

    /// <summary>What may happen to it.</summary>
    public required LossKind Action { get; init; }

    /// <summary>Why it may; stands in the plan and in its approval.</summary>
    public required string Reason { get; init; }

    /// <summary>What other operations of the plan call it, such as <c>redis:old</c>: what they prove of that (nobody uses it) counts for this loss. Default: its address in this configuration.</summary>
    public string? Resource { get; init; }
}

/// <summary>How a resource is lost.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LossKind>))]
public enum LossKind
{
    /// <summary>It is destroyed.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>It is destroyed and made anew, in either order.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,

    /// <summary>It stays, and the state no longer knows it.</summary>
    [JsonStringEnumMemberName("forget")]
    Forget,
}

/// <summary>Judges what a tool plans. Pure.</summary>
internal static class Gate
{
    /// <summary>What of a plan nobody allowed; empty: it may be applied.</summary>
    /// <param name="changes">What is planned.</param>
    /// <param name="allowed">Losses that a person named.</param>
    /// <param name="guarded">Addresses that are never lost, and beginnings of addresses that end with <c>*</c>.</param>
    public static IEnumerable<string> Refusals(
        ImmutableArray<PlannedChange> changes,
        IEnumerable<AllowedLoss> allowed,
        IEnumerable<string> guarded
    )
    {
        var named = allowed.Select(loss => (loss.Address, loss.Action)).ToHashSet();
        var walls = guarded.ToArray();
        foreach (var change in changes.Where(change => change.Loses))
        {
            var kind = KindOf(change.Action);
            if (walls.FirstOrDefault(wall => Covers(wall, change.Address)) is { } wall)
            {
                yield return $"{change.Address} would be lost ({Word(kind)}), and {wall} is protected: nothing in a plan may allow that";
            }
            else if (!named.Contains((change.Address, kind)))
            {
                yield return $"{change.Address} would be lost ({Word(kind)}{Because(change)}): "
                    + $"if that is meant, name it under 'allow' with action {Word(kind)} and the reason";
            }
        }
    }

    /// <summary>Resources that the state should hold, and that the plan would make: the state is not the one that it should be.</summary>
    public static IEnumerable<string> Unknown(ImmutableArray<PlannedChange> changes, IEnumerable<string> held) =>
        changes
            .Where(change => change.Action == PlannedAction.Create && held.Any(wall => Covers(wall, change.Address)))
            .Select(change =>
                $"{change.Address} would be created, and the state should hold it already: "
                + "is this the right state (directory, backend, workspace)?"
            );

    /// <summary>Whether an address is the one that is named, inside the module that is named, or begins as named.</summary>
    public static bool Covers(string pattern, string address) =>
        pattern.EndsWith('*')
            ? address.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : address == pattern
                || address.StartsWith($"{pattern}.", StringComparison.Ordinal)
                || address.StartsWith($"{pattern}[", StringComparison.Ordinal)
                || address.StartsWith($"{pattern} (deposed ", StringComparison.Ordinal);

    /// <summary>How a change that loses something is named in <see cref="AllowedLoss.Action"/>.</summary>
    public static LossKind KindOf(PlannedAction action) =>
        action switch
        {
            PlannedAction.Delete => LossKind.Delete,
            PlannedAction.Forget => LossKind.Forget,
            _ => LossKind.Replace,
        };

    /// <summary>The refusals as one failure.</summary>
    /// <exception cref="OperationException">Refused: there are some.</exception>
    public static void Demand(string place, IEnumerable<string> refusals)
    {
        string[] all = [.. refusals];
        if (all.Length > 0)
            throw OperationException.Refused($"{place}: {string.Join("; ", all)}");
    }

    private static string Word(LossKind kind) =>
        kind switch
        {
            LossKind.Delete => "delete",
            LossKind.Forget => "forget",
            _ => "replace",
        };

    private static string Because(PlannedChange change) => change.Reason is { } reason ? $", {reason}" : "";
}
