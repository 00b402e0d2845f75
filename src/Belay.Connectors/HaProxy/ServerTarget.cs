using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.HaProxy;

/// <summary>One server of one backend on all processes: reads it and sets it.</summary>
internal sealed class ServerTarget(ServerName name, HaProxyBalancers balancers, TimeProvider clock)
{
    private static readonly TimeSpan BetweenCounts = TimeSpan.FromMilliseconds(100);

    public static ServerTarget Of(string connection, string backend, string server, IScope scope) =>
        new(
            new ServerName(backend, server),
            new HaProxyBalancers(scope.Connection<HaProxySettings>(connection), scope.Clock),
            scope.Clock
        );

    public ServerName Name => name;

    public TimeProvider Clock => clock;

    /// <summary>Reads the server on every process, once.</summary>
    public async Task<ServerState> ReadAsync(CancellationToken ct)
    {
        var images = ImmutableArray.CreateBuilder<ServerOnProcess>();
        var (sessions, leaving) = (0, 0);
        foreach (var process in await balancers.ProcessesAsync(ct))
        {
            if (await TablesAsync(process, ct) is not { } tables)
                continue;
            var row = tables.Servers.FirstOrDefault(name.Matches);
            sessions += row is null ? 0 : tables.Loads.Where(l => l.Name == row.Name).Sum(l => l.Sessions);
            if (process.IsLeaving)
                leaving++;
            else
                images.Add(Image(process, row, tables));
        }
        return new ServerState
        {
            Processes = images.ToImmutable(),
            Sessions = sessions,
            Leaving = leaving,
        };
    }

    /// <summary>Reads the server; a count that is low enough is taken twice, and the higher one is believed.</summary>
    public async Task<ServerState> CountAsync(int enough, CancellationToken ct)
    {
        var first = await ReadAsync(ct);
        if (first.Sessions > enough)
            return first;
        await Task.Delay(BetweenCounts, clock, ct);
        var second = await ReadAsync(ct);
        return second with { Sessions = Math.Max(first.Sessions, second.Sessions) };
    }

    /// <summary>Sets what an operator asks of the server, on every serving process that knows it.</summary>
    public async Task SetAdminAsync(Admin admin, CancellationToken ct)
    {
        foreach (var process in await ServingAsync(ct))
        {
            if (await FindAsync(process, ct) is { } row && row.Admin != admin)
                await process.SetAsync(AdminCommand(row, admin), ct);
        }
    }

    /// <summary>Brings the server back to these images, process by process. Returns when each is as it was.</summary>
    public async Task RestoreAsync(ServerState before, CancellationToken ct)
    {
        foreach (var process in await ServingAsync(ct))
        {
            var image = before.Processes.FirstOrDefault(p => p.Process == process.Name)?.Server;
            if (image is not null)
                await RestoreAsync(process, image, ct);
        }
        await SaveAsync(ct);
    }

    public async Task<ImmutableArray<HaProxyProcess>> ServingAsync(CancellationToken ct) =>
        [.. (await balancers.ProcessesAsync(ct)).Where(p => !p.IsLeaving)];

    public async Task SaveAsync(CancellationToken ct)
    {
        foreach (var process in await ServingAsync(ct))
            await process.SaveAsync(ct);
    }

    /// <summary>The server on one process; null when it does not know it.</summary>
    public async Task<ServerRow?> FindAsync(HaProxyProcess process, CancellationToken ct) =>
        (await process.ServersAsync(name.Backend, ct)).FirstOrDefault(name.Matches);

    /// <exception cref="OperationException">Refused: a process does not know the server.</exception>
    public void RefuseUnknown(ServerState state)
    {
        foreach (var process in state.Processes.Where(p => p.Server is null))
            throw OperationException.Refused(
                $"HAProxy at {process.Process} has no server {name}: compare with its 'show servers state'"
            );
    }

    /// <exception cref="OperationException">Refused: without this server too few would serve.</exception>
    public void RefuseBelow(int keep, ServerState state)
    {
        foreach (var process in state.Processes.Where(p => p.OthersServing < keep))
            throw OperationException.Refused(
                $"without {name} only {process.OthersServing} servers of {name.Backend} would serve on HAProxy at {process.Process}, and {keep} must: bring others up first, or state another 'keep'"
            );
    }

    public static string AdminCommand(ServerRow row, Admin admin) =>
        $"set server {row.Backend}/{row.Name} state {Word(admin)}";

    public static string Word(Admin admin) =>
        admin switch
        {
            Admin.Ready => "ready",
            Admin.Drain => "drain",
            _ => "maint",
        };

    /// <summary>Gives the server another address; it must be in maintenance.</summary>
    public static Task SetAddressAsync(HaProxyProcess process, ServerRow row, string address, CancellationToken ct)
    {
        var colon = address.LastIndexOf(':');
        return process.SetAsync(
            $"set server {row.Backend}/{row.Name} addr {address[..colon].Trim('[', ']')} port {address[(colon + 1)..]}",
            "by 'stats socket command'",
            ct
        );
    }

    private async Task RestoreAsync(HaProxyProcess process, ServerImage image, CancellationToken ct)
    {
        var row =
            (await process.ServersAsync(name.Backend, ct)).FirstOrDefault(r => r.Name == image.Name)
            ?? throw OperationException.Refused(
                $"HAProxy at {process.Name} has no server {name.Backend}/{image.Name} any more: add it again by hand ({image.Address}), then go on"
            );
        if (row.Address != image.Address)
        {
            await process.SetAsync(AdminCommand(row, Admin.Maint), ct);
            await SetAddressAsync(process, row, image.Address, ct);
        }
        if (row.Weight != image.Weight)
            await process.SetAsync($"set server {row.Backend}/{row.Name} weight {image.Weight}", ct);
        if (row.Admin != image.Admin || row.Address != image.Address)
            await process.SetAsync(AdminCommand(row, image.Admin), ct);
    }

    // A worker that leaves may end between two questions; then it has no sessions any more.
    private async Task<Tables?> TablesAsync(HaProxyProcess process, CancellationToken ct)
    {
        try
        {
            return new Tables(await process.ServersAsync(name.Backend, ct), await process.LoadsAsync(name.Backend, ct));
        }
        catch (OperationException) when (process.IsLeaving)
        {
            if (await process.HasEndedAsync(ct))
                return null;
            throw;
        }
    }

    private static ServerOnProcess Image(HaProxyProcess process, ServerRow? row, Tables tables) =>
        new()
        {
            Process = process.Name,
            Server = row is null
                ? null
                : new ServerImage
                {
                    Name = row.Name,
                    Address = row.Address,
                    Admin = row.Admin,
                    Weight = row.Weight,
                    Running = row.Running,
                    Checked = row.Checks is { Configured: true, Enabled: true },
                },
            OthersServing = tables.Servers.Count(s =>
                s.Serves && s.Name != row?.Name && !tables.Loads.Any(l => l.Name == s.Name && l.IsBackup)
            ),
            Saved = process.SavedServers() is { } saved ? row is null || saved.Any(s => SameSetting(s, row)) : null,
        };

    private static bool SameSetting(ServerRow a, ServerRow b) =>
        (a.Backend, a.Name, a.Address, a.Admin, a.Weight) == (b.Backend, b.Name, b.Address, b.Admin, b.Weight);

    private sealed record Tables(ImmutableArray<ServerRow> Servers, ImmutableArray<ServerLoad> Loads);
}
