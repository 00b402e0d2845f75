using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Belay.Connectors.Network;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Elasticsearch.Wire;

/// <summary>Sends requests to a cluster, and asks again where it is busy.</summary>
internal sealed class SearchTransport : IDisposable
{
    private const int Attempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ElasticsearchSettings settings;
    private readonly TimeProvider clock;
    private readonly string root;
    private readonly HttpClient client;

    public SearchTransport(ElasticsearchSettings settings, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        if (!Uri.TryCreate(settings.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw OperationException.Refused($"'{settings.Url}' is no address of a cluster: https://HOST:9200");
        if (url.UserInfo.Length > 0)
            throw OperationException.Refused(
                $"the address of {url.Host} holds a user or a password, which everybody would see: give them as user and password"
            );
        root = settings.Url.TrimEnd('/') + '/';
        Place = url.Authority;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        if (settings.TlsCa is { } authorities)
            handler.SslOptions.CertificateChainPolicy = Authorities.Of(authorities);
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Where, for messages.</summary>
    public string Place { get; }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="OperationException">
    /// Refused: the cluster says no. Transient: it cannot be reached, or is busy. Outcome unknown: a request that alters was not answered.
    /// </exception>
    public async Task<SearchAnswer> SendAsync(SearchRequest request, CancellationToken ct)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure, after) = await OnceAsync(request, ct);
            if (answer is not null)
                return answer;
            if (failure!.Kind != FailureKind.Transient || attempt == Attempts)
                throw failure;
            await Task.Delay(after ?? pause, clock, ct);
            pause *= 2;
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<(SearchAnswer? Answer, OperationException? Failure, TimeSpan? After)> OnceAsync(
        SearchRequest request,
        CancellationToken ct
    )
    {
        using var limited = new CancellationTokenSource(settings.AnswerWithin, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, ct);
        var what = $"{Place}: {request.Method} {request.Path.Split('?')[0]}";
        try
        {
            using var message = Message(request);
            using var response = await client.SendAsync(message, both.Token);
            var body = Parse(await response.Content.ReadAsByteArrayAsync(both.Token));
            return response.IsSuccessStatusCode || request.Expected.Contains(response.StatusCode)
                ? (new SearchAnswer(response.StatusCode, body), null, null)
                : (null, SearchFailures.Of(request, Place, response.StatusCode, body), PauseOf(response));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw OperationException.Refused(
                $"{what}: no secure connection: {e.InnerException?.Message ?? e.Message}",
                e
            );
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return (null, OperationException.Transient($"{what}: no connection: {e.Message}", e), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return (null, SearchFailures.NoAnswer(request, $"{what}: no whole answer: {e.Message}", e), null);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw SearchFailures.NoAnswer(
                request,
                $"{what}: no whole answer within {Duration.Format(settings.AnswerWithin)}",
                e
            );
        }
    }

    private HttpRequestMessage Message(SearchRequest request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(root + request.Path));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.Authorization =
            settings.ApiKey is { } key ? new AuthenticationHeaderValue("ApiKey", key.Reveal())
            : settings.User is { } user
                ? new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password?.Reveal()}"))
                )
            : null;
        if (request.OpaqueId is { } id)
            message.Headers.TryAddWithoutValidation("X-Opaque-Id", id);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.BodyType);
        }
        return message;
    }

    /// <summary>How long the cluster, or a proxy in front of it, asks to wait (RFC 9110, section 10.2.3).</summary>
    private TimeSpan? PauseOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - clock.GetUtcNow();
        return asked is not { } pause ? null
            : pause < TimeSpan.Zero ? TimeSpan.Zero
            : pause > LongestPause ? LongestPause
            : pause;
    }

    // A proxy's own errors are pages for people.
    private static JsonElement Parse(byte[] body) =>
        body.Length == 0 || body.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..]
            ? default
            : JsonElement.Parse(body);
}
