using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.HaProxy;

/// <summary>A stats or master socket: one command a connection, as the Management Guide (9.3) has it for scripts.</summary>
internal sealed class HaProxySocket(string address, TimeSpan limit, TimeProvider clock)
{
    /// <summary>Where it is: a path, or <c>host:port</c>.</summary>
    public string Address => address;

    /// <summary>Sends a command that only reads.</summary>
    /// <exception cref="OperationException">Transient: it does not answer. Refused: it may not be used.</exception>
    public Task<string> ReadAsync(string command, CancellationToken ct) =>
        SendAsync(command, FailureKind.Transient, ct);

    /// <summary>Sends a command that alters something.</summary>
    /// <exception cref="OperationException">Transient: it was not sent. Outcome unknown: no answer came. Refused: it may not be used.</exception>
    public Task<string> WriteAsync(string command, CancellationToken ct) =>
        SendAsync(command, FailureKind.OutcomeUnknown, ct);

    private async Task<string> SendAsync(string command, FailureKind whenSent, CancellationToken ct)
    {
        using var limited = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, ct);
        var sent = false;
        try
        {
            using var socket = await ConnectAsync(both.Token);
            sent = true;
            await socket.SendAsync(Encoding.ASCII.GetBytes(command + "\n"), both.Token);
            await using var stream = new NetworkStream(socket);
            // A master keeps the connection open until it is told that nothing follows.
            socket.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var whole = await reader.ReadToEndAsync(both.Token);
            // Also a command that has nothing to tell is answered, by an empty line.
            if (whole.Length == 0)
                throw new IOException("it closed the connection without an answer");
            var answer = whole.Trim();
            return answer.StartsWith("Permission denied", StringComparison.Ordinal)
                ? throw OperationException.Refused(
                    $"HAProxy at {address} does not allow '{command}': its socket needs 'level admin'"
                )
                : answer;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw OperationException.Refused(
                $"the socket of HAProxy at {address} is closed to this user: see 'mode', 'user' and 'group' of its line in the configuration",
                e
            );
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw Failure(e.Message, sent, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Failure($"no answer within {limit.TotalSeconds:0.#} s", sent, e);
        }

        OperationException Failure(string why, bool wasSent, Exception inner) =>
            new(
                wasSent ? whenSent : FailureKind.Transient,
                $"HAProxy at {address} cannot be asked ({why}): see that it runs and that its socket is there",
                inner
            );
    }

    private async Task<Socket> ConnectAsync(CancellationToken ct)
    {
        var isPath = address.StartsWith('/');
        var socket = isPath
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(isPath ? new UnixDomainSocketEndPoint(address) : EndPointOf(address), ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static DnsEndPoint EndPointOf(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port)
            ? new DnsEndPoint(address[..colon].Trim('[', ']'), port)
            : throw OperationException.Refused(
                $"'{address}' is no socket of HAProxy: write the absolute path of a unix socket, or host:port"
            );
    }
}
