using System.Net;
using Belay.Parts;

namespace Belay.Connectors.Tests;

/// <summary>Web servers of tests.</summary>
internal static class Loopback
{
    private const int Attempts = 5;

    /// <summary>Listens on a free port; on another one when somebody took it in between.</summary>
    public static (HttpListener Listener, int Port) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Take();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (attempt < Attempts)
            {
                listener.Close();
            }
        }
    }
}
