using System.Collections.Immutable;
using Belay.Domain.Environments;
using Belay.Domain.Parking;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Parking;

/// <summary>The open runs of an environment. Two of them touch nothing in common, at any time: so a run may begin while others are parked, and each can be halted, resumed and taken back by itself.</summary>
internal sealed class Neighbours(EngineParts parts)
{
    /// <summary>How many resources a refusal names.</summary>
    private const int Named = 5;

    /// <summary>The runs of an environment that a new one would pass.</summary>
    /// <exception cref="OrderRefusedException">One is open and not parked.</exception>
    public async Task<ImmutableArray<RunReading>> ParkedAsync(string environment, CancellationToken ct)
    {
        var open = await OpenAsync(environment, ct);
        return open.FirstOrDefault(reading => reading.Parked is null) is not { } busy
            ? open
            : throw new OrderRefusedException(
                $"run {busy.Run} of environment '{environment}' is not closed ({busy.Status}): belay resume, belay rollback or belay abandon it first"
            );
    }

    /// <summary>Holds a new run against those that it would pass.</summary>
    /// <exception cref="OrderRefusedException">It touches something of one of them, or that cannot be told.</exception>
    public async Task RefuseInCommonAsync(StartOrder order, ImmutableArray<RunReading> parked, CancellationToken ct)
    {
        if (parked.IsEmpty)
            return;
        var own = ReachReader.Of(order.Plan, order.PlanFile, order.Run, parts.Clock.GetUtcNow(), parts.Catalog);
        await RefuseAsync(own, parked, ct);
    }

    /// <summary>Holds a mended plan against the other open runs.</summary>
    /// <inheritdoc cref="RefuseInCommonAsync(StartOrder, ImmutableArray{RunReading}, CancellationToken)"/>
    public async Task RefuseInCommonAsync(RunReading run, Plan mended, CancellationToken ct)
    {
        var others = (await OpenAsync(mended.Environment, ct)).RemoveAll(reading => reading.Run == run.Run);
        if (others.IsEmpty)
            return;
        var own = ReachReader.Of(mended, run.Start!.PlanFile, run.Run, run.StartedAt, parts.Catalog);
        await RefuseAsync(own, others, ct);
    }

    private async Task RefuseAsync(Reach own, ImmutableArray<RunReading> others, CancellationToken ct)
    {
        var systems = await parts.Identities.ReadAsync(parts.Environment.Name, ct);
        foreach (var other in others)
        {
            if (WhyNotBeside(own, ReachOf(other), systems) is { } why)
                throw new OrderRefusedException(
                    $"run {other.Run} of environment '{other.Plan!.Environment}' {Standing(other)}, and {why}: wait until it is done, or take it back or end it first (belay rollback, belay abandon)"
                );
        }
    }

    private static string Standing(RunReading other) =>
        other.Parked is { } parked ? $"is parked until {parked.Parking.Until:u}" : $"is not closed ({other.Status})";

    private Reach ReachOf(RunReading other) =>
        other.Parked?.Parking.Reach
        ?? ReachReader.Of(other.Plan!, other.Start!.PlanFile, other.Run, other.StartedAt, parts.Catalog);

    private static string? WhyNotBeside(Reach own, Reach other, EnvironmentIdentity systems)
    {
        if (own.Untold is { } mine)
            return $"whether this plan touches anything of it cannot be told: {mine}";
        if (other.Untold is { } theirs)
            return $"what it touches cannot all be told: {theirs}";
        if (own.InCommonWith(other) is [_, ..] common)
            return $"this plan touches what it touches: {List(common)}";
        return SameSystem(own, other, systems) is { } same ? $"both reach one system, {same}" : null;
    }

    /// <summary>One system under two names is one all the same.</summary>
    private static string? SameSystem(Reach own, Reach other, EnvironmentIdentity systems) =>
        (
            from mine in own.Connections
            from theirs in other.Connections
            where
                mine != theirs
                && systems.Systems.TryGetValue(mine, out var here)
                && systems.Systems.TryGetValue(theirs, out var there)
                && here.Id == there.Id
            select $"'{mine}' here and '{theirs}' there"
        ).FirstOrDefault();

    private static string List(ImmutableArray<string> common) =>
        string.Join(", ", common.Take(Named)) + (common.Length > Named ? $" and {common.Length - Named} more" : "");

    /// <summary>A run names those that were open when it began: all others had been closed before. So the latest one leads to all that are open.</summary>
    private async Task<ImmutableArray<RunReading>> OpenAsync(string environment, CancellationToken ct)
    {
        if (await parts.Journals.ListAsync(environment, ct) is not [var latest, ..])
            return [];
        var last = await parts.Journals.ReadingAsync(latest.Run, ct);
        var open = ImmutableArray.CreateBuilder<RunReading>();
        open.Add(last);
        foreach (var run in last.Start!.Beside ?? [])
            open.Add(await parts.Journals.ReadingAsync(run, ct));
        return [.. open.Where(reading => !reading.Status.IsClosed())];
    }
}
