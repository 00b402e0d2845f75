using System.Net;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>A small web server behind the balancer. Its health can be taken away, and requests to /slow are held until they are let go.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly TaskCompletionSource held = new();
    private readonly Task serving;
    private int slow;

    public WebServer()
    {
        (listener, Port) = Loopback.Listen();
        serving = ServeAsync();
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public bool Healthy { get; set; } = true;

    /// <summary>How many requests are held.</summary>
    public int Slow => slow;

    public void LetGo() => held.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        // Not stopped first: closing a stopped listener binds its port once more.
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            if (context.Request.RawUrl == "/slow")
            {
                Interlocked.Increment(ref slow);
                await held.Task;
            }
            context.Response.StatusCode = Healthy || context.Request.RawUrl != "/healthz" ? 200 : 503;
            await using var writer = new StreamWriter(context.Response.OutputStream);
            await writer.WriteAsync($"{Port}");
        }
        catch (Exception e)
            when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The client or the listener has gone.
        }
    }
}
