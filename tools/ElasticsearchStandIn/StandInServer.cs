using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Parts;

namespace Belay.ElasticsearchStandIn;

/// <summary>A server that speaks the REST API of Elasticsearch, or of OpenSearch, as far as Belay uses it, with its data in memory. It is neither; see README.md.</summary>
public sealed class StandInServer : IAsyncDisposable
{
    private readonly StandInOptions options;
    private readonly HttpListener listener = new();
    private readonly Task accepting;
    private readonly Router router;
    private Faults faults;

    private StandInServer(StandInOptions options)
    {
        this.options = options;
        Port = options.Port ?? FreePort.Take();
        Cluster = new Cluster(options);
        router = new Router(Cluster);
        faults = new Faults(options.Seed, options.FaultsOneIn);
        listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its address.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>How many requests were turned away, or answered wrongly.</summary>
    public int Faulted => faults.Count;

    internal Cluster Cluster { get; }

    /// <summary>Starts one.</summary>
    public static StandInServer Start(StandInOptions? options = null) => new(options ?? new StandInOptions());

    /// <summary>From now on one request in so many is turned away, or its answer lost; 0: none.</summary>
    public void Misbehave(int seed, int oneIn) => faults = new Faults(seed, oneIn);

    /// <summary>Ends its node and brings it back at once: tasks under way, scrolls and counters are gone.</summary>
    public void Restart()
    {
        lock (Cluster.Gate)
            Cluster.Restart();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (Cluster.Gate)
            Cluster.Restart();
        listener.Close();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                serving.RemoveAll(task => task.IsCompleted);
                serving.Add(ServeAsync(context));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            await using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var (result, retryAfter) = Answer(context.Request, body.ToArray());
            var bytes = Encoding.UTF8.GetBytes(result.Body.ToJsonString());
            context.Response.StatusCode = result.Status;
            context.Response.ContentType = "application/json";
            if (retryAfter is not null)
                context.Response.AddHeader("Retry-After", retryAfter);
            if (!options.OpenSearch)
                context.Response.AddHeader("X-elastic-product", "Elasticsearch");
            context.Response.ContentLength64 = bytes.Length;
            await context.Response.OutputStream.WriteAsync(bytes);
            context.Response.Close();
        }
        catch (Exception e)
            when (e is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went away, or the server ends.
        }
    }

    private (Result Result, string? RetryAfter) Answer(HttpListenerRequest request, byte[] body)
    {
        try
        {
            RequireUser(request);
            var call = new Call(
                request.HttpMethod,
                request.RawUrl!.Split('?')[0],
                request.QueryString,
                body,
                request.Headers["X-Opaque-Id"]
            );
            var fault = faults.Next();
            if (fault is Fault.Rejected or Fault.RejectedForAWhile)
                return (
                    Of(
                        new ApiException(
                            429,
                            "es_rejected_execution_exception",
                            "rejected execution of coordinating operation"
                        )
                    ),
                    fault == Fault.RejectedForAWhile ? "0" : null
                );
            if (fault == Fault.Unavailable)
                return (Of(new ApiException(503, "unavailable_shards_exception", "primary shard is not active")), null);
            Result result;
            lock (Cluster.Gate)
                result = router.Answer(call, faults);
            // As a proxy answers whose patience ended: the work was done.
            return fault == Fault.AnswerLost
                ? (new Result(503, new JsonObject { ["message"] = "upstream timed out" }), null)
                : (result, null);
        }
        catch (ApiException e)
        {
            return (Of(e), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            return (Of(new ApiException(400, "x_content_parse_exception", e.Message)), null);
        }
    }

    private void RequireUser(HttpListenerRequest request)
    {
        if (options.User is not { } user)
            return;
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}"));
        if (request.Headers["Authorization"] != $"Basic {expected}")
            throw new ApiException(401, "security_exception", "unable to authenticate user for REST request");
    }

    private static Result Of(ApiException e) => new(e.Status, e.ToJson());
}
