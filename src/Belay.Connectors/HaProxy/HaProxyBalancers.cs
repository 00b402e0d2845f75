using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.HaProxy;

/// <summary>All balancers of a connection.</summary>
internal sealed class HaProxyBalancers(HaProxySettings settings, TimeProvider clock)
{
    /// <summary>Every live process that can be reached, found anew: a reload may have replaced some.</summary>
    /// <exception cref="OperationException">One that is named does not answer: no data is not a pass.</exception>
    public async Task<ImmutableArray<HaProxyProcess>> ProcessesAsync(CancellationToken ct)
    {
        if (settings.Sockets.IsEmpty && settings.Masters.IsEmpty)
            throw OperationException.Refused("the connection names no socket of HAProxy: write sockets: or masters:");
        var processes = ImmutableArray.CreateBuilder<HaProxyProcess>();
        foreach (var address in settings.Sockets)
            processes.Add(new HaProxyProcess(Socket(address), worker: null, StateFile(address)));
        foreach (var address in settings.Masters)
            processes.AddRange(await WorkersAsync(address, ct));
        return processes.ToImmutable();
    }

    private async Task<IEnumerable<HaProxyProcess>> WorkersAsync(string address, CancellationToken ct)
    {
        var master = Socket(address);
        var answer = await master.ReadAsync("show proc", ct);
        try
        {
            return Workers.Parse(answer).Select(w => new HaProxyProcess(master, w, StateFile(address)));
        }
        catch (FormatException e)
        {
            // Between two workers of a reload there is a moment without one.
            throw OperationException.Transient($"HAProxy's master at {address}: {e.Message}", e);
        }
    }

    private HaProxySocket Socket(string address) => new(address, settings.Limit, clock);

    private string? StateFile(string address) => settings.StateFiles.GetValueOrDefault(address);
}
