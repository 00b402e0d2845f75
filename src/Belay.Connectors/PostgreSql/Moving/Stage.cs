using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Both sides of a switch-over and the way of the services, opened.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private Stage(Side from, Side to, Route route) => (From, To, Route) = (from, to, route);

    public Side From { get; }

    public Side To { get; }

    public Route Route { get; }

    public static async Task<Stage> OpenAsync(SwitchOverInputs inputs, IScope scope, CancellationToken ct)
    {
        Side? from = null;
        Side? to = null;
        try
        {
            from = await Side.OpenAsync(inputs.From, scope, ct);
            to = await Side.OpenAsync(inputs.To, scope, ct);
            return new Stage(from, to, await RouteAsync(inputs, scope, ct));
        }
        catch
        {
            await (from?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (to?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>What leads services to the new side.</summary>
    public static string EndpointOf(SwitchOverInputs inputs, IScope scope)
    {
        var settings = scope.Connection<PostgreSqlSettings>(inputs.To);
        return inputs.Pooler is not null
            ? PoolerRoute.ValueOf(settings)
            : inputs.Switch?.Value ?? inputs.Command?.Value ?? $"{settings.Host}:{settings.Port}";
    }

    public async Task<SwitchOverState> ObserveAsync(long? freezeMs, CancellationToken ct)
    {
        var standing = await Route.ReadAsync(ct);
        return new SwitchOverState
        {
            Endpoint = standing.Endpoint,
            Loaded = standing.Loaded,
            Held = standing.IsHeld,
            From = await SideAsync(From, new ReplicationStream(To, From), ct),
            To = await SideAsync(To, new ReplicationStream(From, To), ct),
            FreezeMs = freezeMs,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Route.DisposeAsync();
        await From.DisposeAsync();
        await To.DisposeAsync();
    }

    private static async Task<Route> RouteAsync(SwitchOverInputs inputs, IScope scope, CancellationToken ct) =>
        inputs switch
        {
            { Pooler: { } pooler } => await PoolerRoute.OpenAsync(pooler, scope, ct),
            { Switch: { } file } => new FileRoute(file, scope),
            { Command: { } commands } => new CommandRoute(commands, scope),
            _ => throw OperationException.Refused("neither a pooler, a file nor a command leads the services"),
        };

    private static async Task<SwitchSide> SideAsync(Side side, ReplicationStream towards, CancellationToken ct) =>
        new()
        {
            Admits = await side.AdmitsAsync(ct),
            Follows = await towards.IsSubscribedAsync(ct) && await towards.IsEnabledAsync(ct),
        };
}
