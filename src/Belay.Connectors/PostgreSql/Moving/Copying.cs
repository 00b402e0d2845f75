using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>
/// Begins a copy and removes it. Each part is one transaction, and its order lets any attempt go on from any place: the
/// subscription, still at rest, marks the target as taken before anything is put there.
/// </summary>
internal sealed class Copying(Side from, Side to)
{
    private readonly ReplicationStream stream = new(from, to);

    public async Task<ReplicateState> ObserveAsync(ReplicateInputs inputs, TimeProvider clock, CancellationToken ct)
    {
        var subscribed = await stream.IsSubscribedAsync(ct);
        var latest = await SwitchLog.LatestAsync(from, to, ct);
        var switched = latest is { State: SwitchLog.Switched } && latest.Side == from.Identity;
        var contents = await TargetSchema.ContentsAsync(to, ct);
        var tables = await TablesAsync(ct);
        var behind = subscribed ? await stream.BehindAsync(ct) : null;
        return new ReplicateState
        {
            From = new PublisherState
            {
                Publishes = await stream.IsPublishedAsync(ct),
                Keeps = await stream.HasSlotAsync(ct),
                Bytes = await from.ValueAsync<long>("SELECT pg_database_size(current_database())", ct),
            },
            To = new SubscriberState
            {
                Subscribed = subscribed,
                Enabled = subscribed && await stream.IsEnabledAsync(ct),
                TablesReady = tables.Ready,
                Tables = tables.All,
                EmptyViews = (await EmptyViewsAsync(ct)).Count,
                Contents = [.. contents],
                Admits = await to.AdmitsAsync(ct),
                Extensions = await TargetSchema.ExtensionsAsync(to, ct),
                PublicSchema = await TargetSchema.PublicAsync(to, ct),
            },
            Behind = behind,
            KeepsUp =
                behind is not null
                && tables.All > 0
                && tables.Ready == tables.All
                && (behind <= inputs.Lag || await stream.ReachesAsync(ReplicationStream.Soon, clock, ct)),
            Switched = switched,
            Refusal = subscribed || switched ? null : await RefusalAsync(inputs, ct),
        };
    }

    /// <summary>Makes what is missing of publication, slot, schema and subscription, and sets the copy to work.</summary>
    public async IAsyncEnumerable<Progress> BeginAsync(IScope scope, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!await stream.IsSubscribedAsync(ct))
        {
            // Who cannot dump must not have begun: the tools' versions are found out here.
            yield return Progress.Say($"reading the schema of {from.Name}");
            await foreach (var progress in DumpAsync(scope, ct))
                yield return progress;
            await to.RunTogetherAsync([.. stream.Claim(scope.RunId), to.Admitting(0)], ct);
            yield return Progress.Say($"{to.Name} is taken: it admits no sessions any more");
        }
        if (!await stream.IsPublishedAsync(ct))
            await from.RunTogetherAsync([.. SwitchLog.Creation, ReplicationStream.Publication], ct);
        await stream.KeepAsync(ct);
        yield return Progress.Say($"{from.Name} publishes its tables, and keeps what is written from now on");
        if (!await SwitchLog.ExistsAsync(to, ct))
        {
            // Now with the log of switches, which the copy needs too.
            await foreach (var progress in DumpAsync(scope, ct))
                yield return progress;
            await foreach (var progress in RestoreAsync(scope, ct))
                yield return progress;
            File.Delete(Archive(scope));
        }
        await stream.CopyAsync(ct);
        yield return Progress.Say($"{to.Name} copies the rows of {from.Name}");
    }

    /// <summary>Whether what stands in the target was put there by a move: the schema copy brings the log of switches along.</summary>
    public Task<bool> IsOursAsync(CancellationToken ct) => SwitchLog.ExistsAsync(to, ct);

    /// <summary>How many tables follow, and how many there are.</summary>
    public async Task<(int Ready, int All)> TablesAsync(CancellationToken ct) =>
        (
            await to.ReadAsync(
                $"""
                SELECT count(*) FILTER (WHERE r.srsubstate = 'r')::int, count(*)::int FROM pg_subscription_rel r
                    JOIN pg_subscription s ON s.oid = r.srsubid WHERE s.subname = {Sql.Text(ReplicationStream.Name)}
                """,
                row => (row.GetInt32(0), row.GetInt32(1)),
                ct
            )
        )[0];

    /// <summary>The materialized views that were never filled, those first that others build on.</summary>
    public Task<List<string>> EmptyViewsAsync(CancellationToken ct) =>
        to.ReadAsync(
            $"""
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'm' AND NOT c.relispopulated AND {Catalog.UserSchemas} ORDER BY c.oid
            """,
            row => row.GetString(0),
            ct
        );

    /// <summary>Takes everything back that <see cref="BeginAsync"/> made.</summary>
    public async Task RemoveAsync(ReplicateState before, TimeProvider clock, CancellationToken ct)
    {
        await stream.RemoveAsync(clock, ct);
        await TargetSchema.ClearAsync(to, before.To.Extensions, before.To.PublicSchema, ct);
        await from.RunAsync($"DROP SCHEMA IF EXISTS {SwitchLog.Schema} CASCADE", ct);
        await to.AdmitAsync(before.To.Admits, ct);
    }

    private async Task<string?> RefusalAsync(ReplicateInputs inputs, CancellationToken ct) =>
        Inventory.Refusal(await new Inventory(from, to, inputs.LeaveBehind).ReadAsync(ct));

    private static string Archive(IScope scope) => Path.Combine(scope.WorkingFolder, $"{scope.StepId}-schema.dump");

    private IAsyncEnumerable<Progress> DumpAsync(IScope scope, CancellationToken ct) =>
        new ToolRun(scope, from.Place).RunAsync(
            Tools.DumpSchema(from.Settings, Archive(scope)),
            null,
            $"reading the schema of {from.Name}",
            ct
        );

    private IAsyncEnumerable<Progress> RestoreAsync(IScope scope, CancellationToken ct) =>
        new ToolRun(scope, to.Place).RunAsync(
            Tools.RestoreSchema(to.Settings, Archive(scope)),
            null,
            $"making the schema in {to.Name}",
            ct
        );
}
