using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Belay.Domain.Contract;

namespace Belay.Connectors.S3;

/// <summary>Speaks to one bucket (Amazon S3 API Reference, "Actions").</summary>
internal sealed class S3Client : IDisposable
{
    private static readonly string[] Kept =
    [
        "Content-Type",
        "Cache-Control",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Expires",
    ];

    private readonly S3Settings settings;
    private readonly S3Transport transport;

    public S3Client(S3Settings settings, TimeProvider clock)
    {
        this.settings = settings;
        transport = new S3Transport(settings, clock);
    }

    /// <summary>How messages name the bucket.</summary>
    public string Place => settings.Bucket;

    /// <summary>Whether the bucket keeps versions.</summary>
    public async Task<bool> IsVersionedAsync(CancellationToken ct)
    {
        using var answer = await transport.SendAsync(new(HttpMethod.Get, "") { Query = [("versioning", "")] }, ct);
        return S3Listing.IsVersioned(await answer.TextAsync(ct));
    }

    /// <summary>All versions below a prefix: by key, each key's oldest first.</summary>
    public async IAsyncEnumerable<ImmutableArray<ObjectVersion>> HistoriesAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var (key, version, open) = ((string?)null, (string?)null, new List<ObjectVersion>());
        do
        {
            var page = await PageAsync(prefix, key, version, ct);
            foreach (var one in page.Versions)
            {
                if (open.Count > 0 && open[0].Key != one.Key)
                {
                    yield return OldestFirst(open);
                    open.Clear();
                }
                open.Add(one);
            }
            (key, version) = (page.NextKey, page.NextVersion);
        } while (key is not null);
        if (open.Count > 0)
            yield return OldestFirst(open);
    }

    /// <summary>All versions of one key, the oldest first.</summary>
    public async Task<ImmutableArray<ObjectVersion>> HistoryAsync(string key, CancellationToken ct)
    {
        await foreach (var history in HistoriesAsync(key, ct))
        {
            if (history[0].Key == key)
                return history;
        }
        return [];
    }

    /// <summary>What is known of a version; null when there is no such object.</summary>
    public async Task<ObjectHead?> HeadAsync(string key, string? version, CancellationToken ct)
    {
        using var answer = await transport.SendAsync(
            new(HttpMethod.Head, key) { Query = Of(version), MayBeMissing = true },
            ct
        );
        return answer.IsMissing ? null : HeadOf(answer.Response);
    }

    /// <summary>Reads a part of a version into memory.</summary>
    public async Task<byte[]> ReadAsync(string key, string? version, long from, long length, CancellationToken ct)
    {
        if (length == 0)
            return [];
        using var answer = await transport.SendAsync(
            new(HttpMethod.Get, key) { Query = Of(version), Range = new(from, from + length - 1) },
            ct
        );
        var bytes = await answer.BytesAsync(ct);
        return bytes.Length == length
            ? bytes
            : throw OperationException.Transient($"{Place}: {bytes.Length} of {length} bytes of {key} came");
    }

    /// <summary>SHA-256 of a version's content, lower-case hex.</summary>
    public async Task<string> HashAsync(string key, string? version, long size, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in ObjectParts.Of(size))
            hash.AppendData(await ReadAsync(key, version, part.From, part.Length, ct));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes an object, in parts when it is large; each part is checked by the service against its SHA-256.</summary>
    /// <returns>The version's id; null in a bucket without versions.</returns>
    public async Task<string?> WriteAsync(
        string key,
        long size,
        IReadOnlyDictionary<string, string> headers,
        Func<ObjectPart, Task<byte[]>> read,
        CancellationToken ct
    )
    {
        var parts = ObjectParts.Of(size);
        if (parts.Length == 1)
        {
            using var answer = await transport.SendAsync(
                new(HttpMethod.Put, key) { Headers = headers, Body = await read(parts[0]) },
                ct
            );
            return VersionOf(answer.Response);
        }
        return await new PartedUpload(transport, key).RunAsync(parts, headers, read, ct);
    }

    /// <summary>Has the service copy a version from another of its buckets, metadata and all.</summary>
    public async Task CopyAsync(string fromBucket, ObjectVersion version, CancellationToken ct)
    {
        var source = $"/{fromBucket}/{S3Signature.Encode(version.Key, keepSlashes: true)}";
        if (version.Version != "null")
            source += $"?versionId={S3Signature.Encode(version.Version, keepSlashes: false)}";
        using var answer = await transport.SendAsync(
            new(HttpMethod.Put, version.Key)
            {
                Headers = ImmutableDictionary.CreateRange([KeyValuePair.Create("x-amz-copy-source", source)]),
            },
            ct
        );
        // A copy that failed half-way is told under status 200 (Amazon S3 API Reference, CopyObject).
        if (S3Listing.Error(await answer.TextAsync(ct)) is ({ } code, { } message))
            throw OperationException.OutcomeUnknown($"{Place}: copying {version.Key}: {code}: {message}");
    }

    /// <summary>Deletes a version, or marks the object as deleted when none is named.</summary>
    public async Task DeleteAsync(string key, string? version, CancellationToken ct)
    {
        using var answer = await transport.SendAsync(
            new(HttpMethod.Delete, key)
            {
                Query = Of(version),
                MayBeMissing = true,
                // Without a version each request would leave a mark of its own.
                IsHarmlessToRepeat = version is not null,
            },
            ct
        );
    }

    public void Dispose() => transport.Dispose();

    /// <summary>The version's id in an answer.</summary>
    internal static string? VersionOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-amz-version-id", out var values) ? values.First() : null;

    private async Task<S3Listing.Page> PageAsync(string prefix, string? key, string? version, CancellationToken ct)
    {
        List<(string, string)> query = [("versions", ""), ("prefix", prefix)];
        if (key is not null)
            query.Add(("key-marker", key));
        if (version is not null)
            query.Add(("version-id-marker", version));
        using var answer = await transport.SendAsync(new(HttpMethod.Get, "") { Query = [.. query] }, ct);
        return S3Listing.Versions(await answer.TextAsync(ct));
    }

    // A page lists the newest version of a key first.
    private static ImmutableArray<ObjectVersion> OldestFirst(List<ObjectVersion> versions) =>
        [.. Enumerable.Reverse(versions)];

    private static ImmutableArray<(string, string)> Of(string? version) =>
        version is null or "null" ? [] : [("versionId", version)];

    private static ObjectHead HeadOf(HttpResponseMessage response)
    {
        var all = response.Headers.Concat(response.Content.Headers).ToArray();
        return new(
            VersionOf(response),
            response.Content.Headers.ContentLength ?? 0,
            all.Where(header =>
                    Kept.Contains(header.Key, StringComparer.OrdinalIgnoreCase)
                    || header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)
                )
                .ToImmutableSortedDictionary(
                    header => header.Key.ToLowerInvariant(),
                    header => string.Join(", ", header.Value),
                    StringComparer.Ordinal
                )
        );
    }
}
