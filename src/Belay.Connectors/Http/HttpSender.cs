using System.Collections.Immutable;
using System.Text;
using Belay.Connectors.Network;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Http;

/// <summary>Sends requests over connections of its own, which are reused: no proxy, no cookies, certificates verified.</summary>
internal sealed class HttpSender : IDisposable
{
    private const int LongestBody = 1024 * 1024;

    // A name may point elsewhere after a cut-over; a watch must follow it.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);
    private readonly HttpClient client;
    private readonly TimeSpan limit;
    private readonly TimeProvider clock;

    /// <param name="caFile">Certificates (PEM, absolute path) to trust in place of the machine's; null: the machine's.</param>
    /// <param name="follow">Whether redirects are followed.</param>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="clock">The clock.</param>
    public HttpSender(string? caFile, bool follow, TimeSpan limit, TimeProvider clock)
    {
        (this.limit, this.clock) = (limit, clock);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = follow,
            PooledConnectionLifetime = ConnectionLifetime,
        };
        if (caFile is not null)
            handler.SslOptions.CertificateChainPolicy = Authorities.Of(caFile);
        client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestBody,
        };
    }

    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <exception cref="OperationException">
    /// Transient: no connection, or no whole answer to a GET. Outcome unknown: no whole answer to another request.
    /// Refused: the certificate is not trusted.
    /// </exception>
    public async Task<Answer> SendAsync(HttpCall call, CancellationToken ct)
    {
        using var limited = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, ct);
        var started = clock.GetTimestamp();
        try
        {
            using var request = Request(call);
            using var response = await client.SendAsync(request, both.Token);
            var body = await response.Content.ReadAsStringAsync(both.Token);
            return new Answer
            {
                Status = (int)response.StatusCode,
                Latency = clock.GetElapsedTime(started),
                Headers = response
                    .Headers.Concat(response.Content.Headers)
                    .ToImmutableDictionary(
                        h => h.Key,
                        h => string.Join(", ", h.Value),
                        StringComparer.OrdinalIgnoreCase
                    ),
                Body = body,
            };
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw OperationException.Refused(
                $"{call.Name}: no secure connection ({e.InnerException?.Message ?? e.Message}): name its authority by ca-file, or mend the certificate",
                e
            );
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw OperationException.Transient($"{call.Name}: no connection: {e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw NoAnswer(e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw NoAnswer($"nothing within {Duration.Format(limit)}", e);
        }

        OperationException NoAnswer(string why, Exception inner) =>
            new(
                call.Method == HttpMethod.Get ? FailureKind.Transient : FailureKind.OutcomeUnknown,
                $"{call.Name}: no whole answer: {why}",
                inner
            );
    }

    public void Dispose() => client.Dispose();

    private static HttpRequestMessage Request(HttpCall call)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(call.Url));
        if (call.Body is { } body)
            request.Content = new StringContent(body.GetRawText(), Encoding.UTF8, "application/json");
        foreach (var (name, value) in call.Headers)
        {
            // Not by Add: its exception shows the value.
            if (
                !request.Headers.TryAddWithoutValidation(name, value.Reveal())
                && request.Content?.Headers.TryAddWithoutValidation(name, value.Reveal()) is not true
            )
                throw OperationException.Refused($"{call.Name}: '{name}' is no header of a request");
        }
        return request;
    }
}
