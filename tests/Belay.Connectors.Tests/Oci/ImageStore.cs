using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Belay.Parts;

namespace Belay.Connectors.Tests.Oci;

/// <summary>Puts images into a registry, as a push does.</summary>
internal static class ImageStore
{
    /// <summary>Puts an image of one platform there; returns its digest.</summary>
    public static async Task<string> PushAsync(
        RegistryServer registry,
        string repository,
        string reference,
        string architecture,
        CancellationToken ct,
        string? credentials = null
    )
    {
        var config =
            $$$"""{"os":"linux","architecture":"{{{architecture}}}","rootfs":{"type":"layers","diff_ids":[]}}""";
        using var client = Client(credentials);
        using var begun = await client.PostAsync(
            new Uri($"{registry.Url}/v2/{repository}/blobs/uploads/"),
            content: null,
            ct
        );
        begun.EnsureSuccessStatusCode();
        var place = new Uri(new Uri(registry.Url), begun.Headers.Location!);
        using var blob = new ByteArrayContent(Encoding.UTF8.GetBytes(config));
        blob.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var separator = place.Query.Length > 0 ? '&' : '?';
        using var put = await client.PutAsync(new Uri($"{place}{separator}digest={Digest(config)}"), blob, ct);
        put.EnsureSuccessStatusCode();
        return await PutManifestAsync(
            client,
            $"{registry.Url}/v2/{repository}/manifests/{reference}",
            "application/vnd.docker.distribution.manifest.v2+json",
            $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{config.Length}},"digest":"{{Digest(
                config
            )}}"},"layers":[]}
            """,
            ct
        );
    }

    /// <summary>Puts an index over images that are there.</summary>
    public static async Task<string> PushIndexAsync(
        RegistryServer registry,
        string repository,
        string reference,
        IEnumerable<(string Architecture, string Digest)> members,
        CancellationToken ct
    )
    {
        var list = string.Join(
            ',',
            members.Select(member =>
                $$$"""{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","size":1,"digest":"{{{member.Digest}}}","platform":{"os":"linux","architecture":"{{{member.Architecture}}}"}}"""
            )
        );
        using var client = Client(null);
        return await PutManifestAsync(
            client,
            $"{registry.Url}/v2/{repository}/manifests/{reference}",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            $$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[{{list}}]}""",
            ct
        );
    }

    private static async Task<string> PutManifestAsync(
        HttpClient client,
        string url,
        string type,
        string manifest,
        CancellationToken ct
    )
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(manifest));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await client.PutAsync(new Uri(url), content, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
        return Digest(manifest);
    }

    private static HttpClient Client(string? credentials)
    {
        var client = new HttpClient();
        if (credentials is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
            );
        return client;
    }

    private static string Digest(string content) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";
}
