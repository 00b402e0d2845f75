using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.S3;

/// <summary>An upload in parts: nothing of it is seen until it is completed (Amazon S3 User Guide, "Uploading and copying objects using multipart upload").</summary>
internal sealed class PartedUpload(S3Transport transport, string key)
{
    /// <summary>Uploads all parts; an upload that fails is taken back.</summary>
    /// <returns>The version's id; null in a bucket without versions.</returns>
    public async Task<string?> RunAsync(
        ImmutableArray<ObjectPart> parts,
        IReadOnlyDictionary<string, string> headers,
        Func<ObjectPart, Task<byte[]>> read,
        CancellationToken ct
    )
    {
        var upload = await BeginAsync(headers, ct);
        try
        {
            var tags = new List<string>(parts.Length);
            foreach (var part in parts)
                tags.Add(await SendAsync(upload, part, await read(part), ct));
            return await CompleteAsync(upload, tags, ct);
        }
        catch
        {
            await AbortAsync(upload);
            throw;
        }
    }

    private async Task<string> BeginAsync(IReadOnlyDictionary<string, string> headers, CancellationToken ct)
    {
        using var answer = await transport.SendAsync(
            new(HttpMethod.Post, key) { Query = [("uploads", "")], Headers = headers },
            ct
        );
        return S3Listing.UploadId(await answer.TextAsync(ct));
    }

    private async Task<string> SendAsync(string upload, ObjectPart part, byte[] content, CancellationToken ct)
    {
        using var answer = await transport.SendAsync(
            new(HttpMethod.Put, key)
            {
                Query = [("partNumber", part.Number.ToString(CultureInfo.InvariantCulture)), ("uploadId", upload)],
                Body = content,
                IsHarmlessToRepeat = true,
            },
            ct
        );
        return answer.Response.Headers.ETag?.Tag
            ?? throw OperationException.Transient($"part {part.Number} of {key} was not acknowledged with a tag");
    }

    private async Task<string?> CompleteAsync(string upload, List<string> tags, CancellationToken ct)
    {
        var list = string.Concat(
            tags.Select((tag, i) => $"<Part><PartNumber>{i + 1}</PartNumber><ETag>{tag}</ETag></Part>")
        );
        using var answer = await transport.SendAsync(
            new(HttpMethod.Post, key)
            {
                Query = [("uploadId", upload)],
                Body = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{list}</CompleteMultipartUpload>"),
            },
            ct
        );
        if (S3Listing.Error(await answer.TextAsync(ct)) is ({ } code, { } message))
            throw OperationException.OutcomeUnknown($"completing {key}: {code}: {message}");
        return S3Client.VersionOf(answer.Response);
    }

    private async Task AbortAsync(string upload)
    {
        try
        {
            using var answer = await transport.SendAsync(
                new(HttpMethod.Delete, key) { Query = [("uploadId", upload)], MayBeMissing = true },
                CancellationToken.None
            );
        }
        catch (OperationException)
        {
            // The failure that led here is the one to tell; a lifecycle rule removes what is left.
        }
    }
}
