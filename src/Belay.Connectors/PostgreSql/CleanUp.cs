using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.PostgreSql.Moving;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which move is over.</summary>
public sealed record CleanUpInputs
{
    /// <summary>The database that was left. It stays as it is, and admits no sessions but those of superusers.</summary>
    [Connection("postgresql")]
    public required string From { get; init; }

    /// <summary>The database that took its place.</summary>
    [Connection("postgresql")]
    public required string To { get; init; }
}

/// <summary>What there is still of a move.</summary>
public sealed record CleanUpState
{
    /// <summary>Whether the writes were led over.</summary>
    public required bool Switched { get; init; }

    /// <summary>Whether the database that was left still follows the other one: the way back.</summary>
    public required bool Follows { get; init; }

    /// <summary>Whether the other one still keeps its write-ahead log for it.</summary>
    public required bool Keeps { get; init; }

    /// <summary>Whether the log of switches is still there, on either side.</summary>
    public required bool Logged { get; init; }
}

/// <summary>Ends a move: the way back, and all that the move left in both databases.</summary>
internal sealed class CleanUp(CleanUpInputs inputs, IScope scope) : IChange<CleanUpState>
{
    /// <summary>The definition of <c>postgresql.clean-up</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<CleanUpInputs, CleanUpState>(
            "postgresql.clean-up",
            "Ends a move after its switch-over: subscriptions, slots and publications go, and with them the way back",
            options => new CleanUpContext(options),
            Reversal.Never,
            inputs =>
                [
                    new Touch($"postgresql:{inputs.From}", TouchKind.Modify),
                    new Touch($"postgresql:{inputs.To}", TouchKind.Modify),
                ],
            (inputs, scope) => new CleanUp(inputs, scope),
            validate: inputs => inputs.From == inputs.To ? [MoveInputs.ToItself] : []
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<CleanUpState> ObserveAsync(CancellationToken ct)
    {
        await using var from = await Side.OpenAsync(inputs.From, scope, ct);
        await using var to = await Side.OpenAsync(inputs.To, scope, ct);
        return await ObserveAsync(from, to, ct);
    }

    /// <inheritdoc/>
    public Difference Plan(CleanUpState observed)
    {
        DifferenceLine?[] lines =
        [
            observed.Follows
                ? new($"replication of {inputs.To} into {inputs.From}", "at work: the way back", null)
                : null,
            observed.Keeps ? new($"publication and slot of {inputs.To}", ReplicationStream.Name, null) : null,
            observed.Logged ? new("log of switches", SwitchLog.Schema, null) : null,
        ];
        return Difference.Of(Reversal.Never, lines.OfType<DifferenceLine>());
    }

    /// <inheritdoc/>
    public bool Same(CleanUpState a, CleanUpState b) => a == b;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        CleanUpState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var from = await Side.OpenAsync(inputs.From, scope, ct);
        await using var to = await Side.OpenAsync(inputs.To, scope, ct);
        var now = await ObserveAsync(from, to, ct);
        if (now is { Follows: false, Keeps: false, Logged: false })
            yield break;
        // Killed between the two sides, the log of one is gone and the other one's still says it.
        if (!now.Switched)
            throw OperationException.Refused(
                $"the writes were not led from {inputs.From} to {inputs.To}: to give the move up, roll it back"
            );
        yield return Progress.Say($"{inputs.From} stops following {inputs.To}: from here on there is no way back");
        await new ReplicationStream(to, from).RemoveAsync(scope.Clock, ct);
        await to.RunAsync($"DROP SCHEMA IF EXISTS {SwitchLog.Schema} CASCADE", ct);
        await from.RunAsync($"DROP SCHEMA IF EXISTS {SwitchLog.Schema} CASCADE", ct);
        yield return Progress.Say("nothing of the move is left but the two databases");
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Progress> UndoAsync(CleanUpState before, CleanUpState? after, CancellationToken ct) =>
        throw new NotSupportedException("its reversal is never");

    private static async Task<CleanUpState> ObserveAsync(Side from, Side to, CancellationToken ct)
    {
        var back = new ReplicationStream(to, from);
        var latest = await SwitchLog.LatestAsync(from, to, ct);
        return new CleanUpState
        {
            Switched = latest is { State: SwitchLog.Switched } && latest.Side == from.Identity,
            Follows = await back.IsSubscribedAsync(ct),
            Keeps = await back.HasSlotAsync(ct) || await back.IsPublishedAsync(ct),
            Logged = await SwitchLog.ExistsAsync(from, ct) || await SwitchLog.ExistsAsync(to, ct),
        };
    }
}

[JsonSerializable(typeof(CleanUpInputs))]
[JsonSerializable(typeof(CleanUpState))]
internal sealed partial class CleanUpContext : JsonSerializerContext;
