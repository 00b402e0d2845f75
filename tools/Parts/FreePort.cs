using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Belay.Parts;

/// <summary>Hands out loopback ports that nobody uses and that no other process of ours will be given.</summary>
public static class FreePort
{
    private const int LowestPort = 10_000;
    private const int Attempts = 5;
    private static readonly Lock Gate = new();
    private static readonly List<FileStream> Held = [];
    private static readonly (int First, int Count) Range = ReadRange();
    private static int next = Environment.ProcessId * 97 % Range.Count;

    /// <summary>
    /// Takes a port; it stays reserved for this process until it ends. Ports lie below the range from which the
    /// kernel serves outgoing connections, so that a client's connection cannot sit on it before the server does, and
    /// each is locked by a file, so that two test processes at once never get the same.
    /// </summary>
    /// <exception cref="InvalidOperationException">No port is free.</exception>
    public static int Take()
    {
        lock (Gate)
        {
            for (var tried = 0; tried < Range.Count; tried++)
            {
                var port = Range.First + next;
                next = (next + 1) % Range.Count;
                if (TryLock(port) is not { } held)
                {
                    continue;
                }

                if (CanBind(port))
                {
                    Held.Add(held);
                    return port;
                }

                held.Dispose();
            }
        }

        throw new InvalidOperationException(
            $"no free port on 127.0.0.1 between {Range.First} and {Range.First + Range.Count - 1}"
        );
    }

    /// <summary>
    /// Starts a server on a free port, and again on another one when somebody outside of our processes took the port
    /// in between.
    /// </summary>
    internal static Task<TServer> StartAsync<TServer>(Func<int, Task<TServer>> start) =>
        RetryAsync(() => start(Take()));

    /// <summary>The same for a server whose configuration takes its ports by itself.</summary>
    internal static async Task<TServer> RetryAsync<TServer>(Func<Task<TServer>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start();
            }
            catch (ServerFailedException failure) when (failure.AddressInUse && attempt < Attempts)
            {
                // Only the port was wrong.
            }
        }
    }

    // The kernel drops the lock when the process ends, however it ends.
    private static FileStream? TryLock(int port)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"belay-ports-{Environment.UserName}");
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(
                Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture)),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool CanBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static (int First, int Count) ReadRange()
    {
        const string file = "/proc/sys/net/ipv4/ip_local_port_range";
        var ephemeral = int.Parse(File.ReadAllText(file).Split()[0], CultureInfo.InvariantCulture);
        return ephemeral > LowestPort + 1_000 ? (LowestPort, ephemeral - LowestPort) : (20_000, 40_000);
    }
}
