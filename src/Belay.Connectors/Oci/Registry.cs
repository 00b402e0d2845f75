using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Belay.Connectors.Network;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Oci;

/// <summary>Asks a registry for manifests.</summary>
/// <remarks>The API: https://github.com/opencontainers/distribution-spec/blob/main/spec.md; its tokens: https://distribution.github.io/distribution/spec/auth/token/.</remarks>
internal sealed class Registry : IDisposable
{
    private static readonly string[] Manifests =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    private const int LongestManifest = 4 * 1024 * 1024; // what the specification says a registry must at least take

    private readonly OciSettings settings;
    private readonly TimeProvider clock;
    private readonly HttpClient client;
    private readonly ConcurrentDictionary<string, AuthenticationHeaderValue> rights = new(StringComparer.Ordinal);

    public Registry(OciSettings settings, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        if (!Uri.TryCreate(settings.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw OperationException.Refused(
                $"'{settings.Url}' is no address of a registry: https://HOST[:PORT] is expected"
            );
        Host = url.Authority;
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };
        if (settings.CaFile is { } file)
            handler.SslOptions.CertificateChainPolicy = Authorities.Of(file);
        client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestManifest,
        };
    }

    /// <summary>Its host and port, as names of images begin with it.</summary>
    public string Host { get; }

    /// <summary>A manifest or an index of manifests; null: there is none.</summary>
    public async Task<Manifest?> FindAsync(string repository, string reference, CancellationToken ct)
    {
        using var answer = await AskAsync(repository, $"manifests/{reference}", ct);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        var body = await ReadAsync(answer, ct);
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(body))}";
        // What the registry says of it must be what it is.
        if (
            answer.Headers.TryGetValues("Docker-Content-Digest", out var told)
            && told.First() is var said
            && said.StartsWith("sha256:", StringComparison.Ordinal)
            && said != digest
        )
            throw OperationException.Refused(
                $"{Host}/{repository}:{reference}: the registry says {said}, and its answer is {digest}"
            );
        return new Manifest(digest, Parsed(body, $"{repository}:{reference}"));
    }

    /// <summary>A small blob: the configuration of an image.</summary>
    public async Task<JsonElement> ReadBlobAsync(string repository, string digest, CancellationToken ct)
    {
        using var answer = await AskAsync(repository, $"blobs/{digest}", ct);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? throw OperationException.Refused(
                $"{Host}/{repository}: the registry has a manifest, and not the blob {digest} that it names"
            )
            : Parsed(await ReadAsync(answer, ct), digest);
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> AskAsync(string repository, string what, CancellationToken ct)
    {
        var answer = await SendAsync(repository, what, ct);
        if (answer.StatusCode == HttpStatusCode.Unauthorized && Challenge.Of(answer) is { } challenge)
        {
            answer.Dispose();
            rights[repository] = await RightAsync(challenge, repository, ct);
            answer = await SendAsync(repository, what, ct);
        }
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound)
            return answer;
        using (answer)
            throw Failure(repository, what, answer);
    }

    private async Task<HttpResponseMessage> SendAsync(string repository, string what, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"{settings.Url.TrimEnd('/')}/v2/{repository}/{what}")
        );
        foreach (var type in Manifests)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        request.Headers.Authorization = rights.GetValueOrDefault(repository);
        return await SendAsync(request, ct);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(settings.AnswerWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            return await client.SendAsync(request, either.Token);
        }
        catch (HttpRequestException e)
        {
            throw e.HttpRequestError == HttpRequestError.SecureConnectionError
                ? OperationException.Refused(
                    $"{Host}: no secure connection ({e.InnerException?.Message ?? e.Message})",
                    e
                )
                : OperationException.Transient($"{Host}: no answer: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw OperationException.Transient($"{Host}: nothing within {Duration.Format(settings.AnswerWithin)}", e);
        }
    }

    private async Task<AuthenticationHeaderValue> RightAsync(
        Challenge challenge,
        string repository,
        CancellationToken ct
    )
    {
        var basic = settings.User is { } user
            ? new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{settings.Password?.Reveal()}"))
            )
            : null;
        if (challenge.Realm is not { } realm)
            return basic
                ?? throw OperationException.Refused($"{Host} wants a user and a password: give the connection both");
        using var request = new HttpRequestMessage(HttpMethod.Get, challenge.TokenUrl(realm, repository));
        request.Headers.Authorization = basic;
        using var answer = await SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode)
            throw Failure(repository, "a token", answer);
        var token = Parsed(await ReadAsync(answer, ct), "a token");
        // "token" by the first version of the specification, "access_token" by OAuth 2.0.
        return
            (token.TryGetProperty("token", out var one) || token.TryGetProperty("access_token", out one))
            && one.GetString() is { Length: > 0 } text
            ? new AuthenticationHeaderValue("Bearer", text)
            : throw OperationException.Refused($"{realm} answered without a token");
    }

    private OperationException Failure(string repository, string what, HttpResponseMessage answer)
    {
        var words = $"{Host}/{repository}: the registry answers {(int)answer.StatusCode} when asked for {what}";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => OperationException.Refused(
                $"{words}: the connection's user may not read it"
            ),
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => OperationException.Transient(
                words
            ),
            _ => OperationException.Refused(words),
        };
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken ct) =>
        await answer.Content.ReadAsByteArrayAsync(ct);

    private JsonElement Parsed(byte[] body, string what)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException e)
        {
            throw OperationException.Refused($"{Host}: {what} is no JSON", e);
        }
    }
}

/// <summary>A manifest and its digest.</summary>
internal sealed record Manifest(string Digest, JsonElement Content);
