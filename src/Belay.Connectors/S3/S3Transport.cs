using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.S3;

/// <summary>One request to a bucket.</summary>
/// <param name="Method">GET, PUT, ...</param>
/// <param name="Key">The object's key; empty for the bucket itself.</param>
internal sealed record S3Request(HttpMethod Method, string Key)
{
    /// <summary>The query, not encoded yet.</summary>
    public ImmutableArray<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The body; null: none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The bytes that are asked for; null: all.</summary>
    public RangeItemHeaderValue? Range { get; init; }

    /// <summary>Whether it goes to the service itself, and to none of its buckets.</summary>
    public bool IsOfService { get; init; }

    /// <summary>Whether 404 is an answer and no failure.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>Whether asking again does no harm though the first one may have been carried out.</summary>
    public bool IsHarmlessToRepeat { get; init; }
}

/// <summary>An answer, open until it is disposed.</summary>
internal sealed class S3Answer(HttpResponseMessage response) : IDisposable
{
    public HttpResponseMessage Response => response;

    /// <summary>There is no such object.</summary>
    public bool IsMissing => response.StatusCode == HttpStatusCode.NotFound;

    public Task<string> TextAsync(CancellationToken ct) => response.Content.ReadAsStringAsync(ct);

    public Task<byte[]> BytesAsync(CancellationToken ct) => response.Content.ReadAsByteArrayAsync(ct);

    public void Dispose() => response.Dispose();
}

/// <summary>Sends signed requests, and asks again where the service is busy.</summary>
internal sealed class S3Transport : IDisposable
{
    private const int Attempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CustomaryLimit = TimeSpan.FromMinutes(1);

    private readonly S3Settings settings;
    private readonly TimeProvider clock;
    private readonly SigningScope scope;
    private readonly HttpClient client = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public S3Transport(S3Settings settings, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        scope = new(settings.EffectiveRegion, "s3", settings.AccessKeyId, settings.SecretAccessKey.Reveal());
        if (!Uri.TryCreate(settings.Root, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
            throw OperationException.Refused($"'{settings.Endpoint}' is no address of an S3 service");
    }

    /// <exception cref="OperationException">
    /// Refused: the service says no. Transient: it cannot be reached, or is busy. Outcome unknown: a request that writes was not answered.
    /// </exception>
    public async Task<S3Answer> SendAsync(S3Request request, CancellationToken ct)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(request, ct);
            }
            catch (OperationException e) when (e.Kind == FailureKind.Transient && attempt < Attempts)
            {
                await Task.Delay(pause, clock, ct);
                pause *= 2;
            }
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<S3Answer> OnceAsync(S3Request request, CancellationToken ct)
    {
        var limit = settings.AnswerWithin ?? CustomaryLimit;
        using var limited = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, ct);
        var what = $"{request.Method} {settings.Bucket}/{request.Key}";
        try
        {
            using var message = Message(request);
            var response = await client.SendAsync(message, both.Token);
            if (
                response.IsSuccessStatusCode || (request.MayBeMissing && response.StatusCode == HttpStatusCode.NotFound)
            )
                return new S3Answer(response);
            using (response)
                throw Failure(request, what, response, await response.Content.ReadAsStringAsync(both.Token));
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw OperationException.Transient($"{what}: no connection: {e.Message}", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw OperationException.Refused(
                $"{what}: no secure connection: {e.InnerException?.Message ?? e.Message}",
                e
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw NoAnswer(request, $"{what}: no whole answer: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw NoAnswer(request, $"{what}: no whole answer within {Duration.Format(limit)}", e);
        }
    }

    private HttpRequestMessage Message(S3Request request)
    {
        var path = request.Key.Length == 0 ? "" : "/" + S3Signature.Encode(request.Key, keepSlashes: true);
        var query = string.Join(
            '&',
            request.Query.Select(pair =>
                $"{S3Signature.Encode(pair.Name, keepSlashes: false)}={S3Signature.Encode(pair.Value, keepSlashes: false)}"
            )
        );
        var url = new Uri(
            (request.IsOfService ? settings.Service : settings.Root)
                + (path.Length == 0 ? "/" : path)
                + (query.Length == 0 ? "" : "?" + query),
            // A key may hold dots between slashes, and is signed as it is written.
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        var hash = request.Body is { } body ? SHA256.HashData(body) : SHA256.HashData([]);
        var signed = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = url.IsDefaultPort ? url.IdnHost : $"{url.IdnHost}:{url.Port}",
            ["x-amz-content-sha256"] = Convert.ToHexStringLower(hash),
            ["x-amz-date"] = S3Signature.Time(clock.GetUtcNow()),
        };
        if (settings.SessionToken is { } token)
            signed["x-amz-security-token"] = token.Reveal();
        foreach (var (name, value) in request.Headers)
        {
            if (name.StartsWith("x-amz-", StringComparison.Ordinal))
                signed[name] = value;
        }
        var message = new HttpRequestMessage(request.Method, url);
        if (request.Body is { } content)
            message.Content = new ByteArrayContent(content);
        else if (request.Method == HttpMethod.Put || request.Method == HttpMethod.Post)
            message.Content = new ByteArrayContent([]);
        message.Headers.Range = request.Range is { } range ? new RangeHeaderValue { Ranges = { range } } : null;
        foreach (var (name, value) in signed.Concat(request.Headers.Where(header => !signed.ContainsKey(header.Key))))
        {
            if (name != "host" && !message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        message.Headers.TryAddWithoutValidation(
            "Authorization",
            S3Signature.Authorization(request.Method.Method, url, signed, signed["x-amz-content-sha256"], scope)
        );
        return message;
    }

    private static OperationException Failure(S3Request request, string what, HttpResponseMessage response, string body)
    {
        var (code, message) = S3Listing.Error(body) ?? ("", response.ReasonPhrase ?? "");
        var words = $"{what}: {(int)response.StatusCode} {code} {message}".TrimEnd();
        return response.StatusCode switch
        {
            // Turned away before anything was done ("Error responses", Amazon S3 API Reference).
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => OperationException.Transient(words),
            >= HttpStatusCode.InternalServerError => NoAnswer(request, words, null),
            HttpStatusCode.Forbidden => OperationException.Refused(
                $"{words}: the access key may not do this, its secret is wrong, or this machine's clock is"
            ),
            _ => OperationException.Refused(words),
        };
    }

    private static OperationException NoAnswer(S3Request request, string words, Exception? inner) =>
        new(
            request.IsHarmlessToRepeat || request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
                ? FailureKind.Transient
                : FailureKind.OutcomeUnknown,
            words,
            inner
        );
}
