using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace Belay.Connectors.Tests.Http;

/// <summary>A small service with a log of its own: orders by number, tokens that it has seen.</summary>
internal sealed class OrderService : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly Task serving;
    private readonly ConcurrentDictionary<string, string> orders = new(StringComparer.Ordinal);
    private int accepted;

    public OrderService()
    {
        (listener, Port) = Loopback.Listen();
        serving = ServeAsync();
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public string Release { get; set; } = "4.2.0";

    /// <summary>How many orders it ever accepted.</summary>
    public int Accepted => accepted;

    public int Failing { get; set; }

    /// <summary>Headers of the last request.</summary>
    public ImmutableDictionary<string, string> LastHeaders { get; private set; } =
        ImmutableDictionary<string, string>.Empty;

    public ConcurrentDictionary<string, int> Connections { get; } = new(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> Snapshot() =>
        orders.ToImmutableSortedDictionary(o => $"http:127.0.0.1:{Port}/orders/{o.Key}", o => o.Value);

    public async ValueTask DisposeAsync()
    {
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
            Connections.AddOrUpdate($"{context.Request.RemoteEndPoint}", 1, (_, n) => n + 1);
            using var reader = new StreamReader(context.Request.InputStream);
            var (status, body) = Answer(context.Request, await reader.ReadToEndAsync());
            context.Response.StatusCode = status;
            context.Response.Headers["X-Release"] = Release;
            await using var writer = new StreamWriter(context.Response.OutputStream);
            await writer.WriteAsync(body);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client has gone.
        }
    }

    private (int Status, string Body) Answer(HttpListenerRequest request, string body)
    {
        LastHeaders = request.Headers.AllKeys.ToImmutableDictionary(k => k!, k => request.Headers[k]!);
        var number = request.Url!.AbsolutePath.Split('/')[^1];
        return (request.HttpMethod, request.Url.AbsolutePath) switch
        {
            ("GET", "/status") => (
                200,
                $$"""{ "release": "{{Release}}", "failed": 0, "database": { "schema": 42, "name": "shop" } }"""
            ),
            ("GET", "/page") => (200, "<p>welcome</p>"),
            ("GET", "/moved") => (302, ""),
            ("POST", "/login") => (200, """{ "token": "open-sesame" }"""),
            ("POST", "/orders") => Place(request, body),
            ("GET", _) => orders.TryGetValue(number, out var order) ? (200, order) : (404, "{}"),
            ("DELETE", _) => orders.TryRemove(number, out _) ? (204, "") : (404, "{}"),
            _ => (405, ""),
        };
    }

    private (int Status, string Body) Place(HttpListenerRequest request, string body)
    {
        if (Failing > 0)
            return (Failing, "{}");
        var number = JsonElement.Parse(body).TryGetProperty("number", out var given)
            ? given.GetString()!
            : request.Headers["Idempotency-Key"]!;
        Interlocked.Increment(ref accepted);
        orders[number] = $$"""{ "id": {{accepted}}, "state": "placed" }""";
        return (201, orders[number]);
    }
}
