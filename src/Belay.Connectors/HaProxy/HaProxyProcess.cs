using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.HaProxy;

/// <summary>One process of HAProxy, reached by a socket of its own or through its master.</summary>
/// <param name="socket">The way to it.</param>
/// <param name="worker">Which worker of a master it is; null: the socket is its own.</param>
/// <param name="stateFile">The state file that its next reload reads; null: none.</param>
internal sealed class HaProxyProcess(HaProxySocket socket, Worker? worker, string? stateFile)
{
    private readonly string prefix = worker is null ? "" : $"@!{worker.Pid} ";

    /// <summary>The address by which the environment names it; the same after a reload.</summary>
    public string Name => socket.Address;

    /// <summary>It was replaced by a reload, and only finishes its connections. HAProxy refuses to set anything on it.</summary>
    public bool IsLeaving => worker is { IsLeaving: true };

    /// <summary>Whether its master knows it no more.</summary>
    public async Task<bool> HasEndedAsync(CancellationToken ct) =>
        worker is not null
        && Read("show proc", Workers.Parse, await socket.ReadAsync("show proc", ct)).All(w => w.Pid != worker.Pid);

    public async Task<ImmutableArray<ServerRow>> ServersAsync(string backend, CancellationToken ct)
    {
        var rows = Read("show servers state", ServersState.Parse, await ReadAsync("show servers state", ct));
        return [.. rows.Where(r => r.Backend == backend)];
    }

    public async Task<ImmutableArray<ServerLoad>> LoadsAsync(string backend, CancellationToken ct)
    {
        // Not by the backend's name: a frontend may have the same.
        var loads = Read("show stat", ServersStat.Parse, await ReadAsync("show stat -1 4 -1", ct));
        return [.. loads.Where(l => l.Backend == backend)];
    }

    /// <summary>What the state file holds; null when this process has none, or none is written yet.</summary>
    public ImmutableArray<ServerRow>? SavedServers()
    {
        if (stateFile is null)
            return null;
        try
        {
            return ServersState.Parse(File.ReadAllText(stateFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // A file that HAProxy could not read either holds nothing; the next save makes it anew.
            return [];
        }
    }

    /// <summary>Writes the state file, so that the next reload keeps what was set; does nothing without one.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        if (stateFile is null || IsLeaving)
            return;
        var text = await ReadAsync("show servers state", ct);
        try
        {
            await File.WriteAllTextAsync(stateFile + ".new", text + "\n", ct);
            File.Move(stateFile + ".new", stateFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused(
                $"the state file {stateFile} cannot be written ({e.Message}), and the next reload of HAProxy would forget this change: make it writable, then resume",
                e
            );
        }
    }

    /// <summary>Sends a command that answers nothing when it succeeds.</summary>
    /// <exception cref="OperationException">Refused: HAProxy said why not.</exception>
    public Task SetAsync(string command, CancellationToken ct) => SetAsync(command, "", ct);

    /// <summary>Sends a command that answers with this text when it succeeds.</summary>
    public async Task SetAsync(string command, string success, CancellationToken ct)
    {
        var answer = await WriteAsync(command, ct);
        var ok = success.Length == 0 ? answer.Length == 0 : answer.Contains(success, StringComparison.Ordinal);
        if (!ok)
            throw OperationException.Refused($"HAProxy at {Name} refused '{command}': {answer}");
    }

    /// <summary>Sends a command that alters something, and returns the answer.</summary>
    public Task<string> WriteAsync(string command, CancellationToken ct) => socket.WriteAsync(prefix + command, ct);

    private Task<string> ReadAsync(string command, CancellationToken ct) => socket.ReadAsync(prefix + command, ct);

    private T Read<T>(string command, Func<string, T> parse, string answer)
    {
        try
        {
            return parse(answer);
        }
        catch (FormatException e)
        {
            throw OperationException.Transient(
                $"the answer of HAProxy at {Name} to '{command}' cannot be read: {e.Message}",
                e
            );
        }
    }
}
