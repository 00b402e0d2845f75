using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.PostgreSql.Backfilling;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Fills a column or a table in batches, each of which is one transaction with the note of how far it has come.</summary>
internal sealed class Backfill : IChange<BackfillState>
{
    private readonly BackfillInputs inputs;
    private readonly IScope scope;
    private readonly Server server;
    private readonly BackfillLedger ledger;

    private Backfill(BackfillInputs inputs, IScope scope)
    {
        (this.inputs, this.scope) = (inputs, scope);
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
        ledger = new BackfillLedger(inputs, server.Place);
    }

    /// <summary>The definition of <c>postgresql.backfill</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<BackfillInputs, BackfillState>(
            "postgresql.backfill",
            "Fills a column or a table in batches, gently, and goes on where it was left",
            options => new BackfillContext(options),
            Reversal.Never,
            inputs => [new Touch($"postgresql:{inputs.Connection}", TouchKind.Modify)],
            (inputs, scope) => new Backfill(inputs, scope),
            inputs => ReversalOf(inputs.WayBack),
            BackfillRules.Validate
        );

    /// <inheritdoc/>
    /// <remarks>A batch and the note that it was done are one transaction: what was cut off left neither.</remarks>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<BackfillState> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenForWorkAsync(ct);
        await session.RequirePrimaryAsync(server.Place, ct);
        // A table that cannot be walked is told before anything is begun.
        await WalkedKey.FindAsync(inputs, session, server.Place, ct);
        return await ledger.ReadAsync(session, ct);
    }

    /// <inheritdoc/>
    public Difference Plan(BackfillState observed)
    {
        DifferenceLine?[] lines =
        [
            observed.Finished
                ? null
                : new($"backfill {inputs.Name} of {inputs.Table}", observed.Begun ? "begun" : null, "finished"),
            observed is { Finished: true, Left: > 0 } ? new("rows left", $"{observed.Left}", "0") : null,
        ];
        return Difference.Of(ReversalOf(inputs.WayBack), lines.OfType<DifferenceLine>());
    }

    /// <inheritdoc/>
    public bool Same(BackfillState a, BackfillState b) =>
        a.Ledger == b.Ledger && a.Begun == b.Begun && a.DoneTo == b.DoneTo && a.Finished == b.Finished;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        BackfillState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using (var session = await server.OpenForWorkAsync(ct))
        {
            var key = await WalkedKey.FindAsync(inputs, session, server.Place, ct);
            await ledger.BeginAsync(session, key, ct);
            var walk = new Walk(inputs, scope, server.Place, session, ledger, key);
            await foreach (var progress in walk.ForwardAsync(ct))
                yield return progress;
        }
        if ((await ObserveAsync(ct)).Left is > 0 and var left)
            throw OperationException.Refused(
                $"{server.Place}: every key up to the last is done, and {left} rows are left: the statement leaves them out, or they were written meanwhile by who does not fill them (a trigger can, or a release that writes both); then fill them by a backfill of another name"
            );
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        BackfillState before,
        BackfillState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var session = await server.OpenForWorkAsync(ct);
        if (!await ledger.HasBegunAsync(session, ct))
            yield break;
        var key = await WalkedKey.FindAsync(inputs, session, server.Place, ct);
        var walk = new Walk(inputs, scope, server.Place, session, ledger, key);
        await foreach (var progress in walk.BackAsync(before.DoneTo, ct))
            yield return progress;
        await ledger.ForgetAsync(session, before, ct);
    }

    private static Reversal ReversalOf(BackfillWayBack wayBack) =>
        wayBack switch
        {
            BackfillWayBack.Statement => Reversal.Exact,
            BackfillWayBack.Backup => Reversal.Restore,
            BackfillWayBack.None => Reversal.Never,
            _ => throw new ArgumentOutOfRangeException(nameof(wayBack)),
        };
}

[JsonSerializable(typeof(BackfillInputs))]
[JsonSerializable(typeof(BackfillState))]
internal sealed partial class BackfillContext : JsonSerializerContext;
