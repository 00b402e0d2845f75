using System.Xml;
using Belay.Domain.Contract;

namespace Belay.Connectors.S3;

/// <summary>Which bucket answers.</summary>
/// <remarks>
/// On Amazon a bucket's name is unique in the world while it is there, and its owner, the account's canonical user id, tells who has it
/// (GetBucketAcl). The date of its making is no part of the id there: it moves when the bucket's policy is edited (ListBuckets,
/// <c>CreationDate</c>). On a service of one's own every server may have a bucket of that name, and often the same owner: there the date
/// (ListBuckets) tells one from the other.
/// </remarks>
internal static class BucketIdentity
{
    /// <exception cref="OperationException">The service cannot be reached, has no such bucket, or the access key may not ask.</exception>
    public static async ValueTask<string?> ReadAsync(S3Settings settings, TimeProvider clock, CancellationToken ct)
    {
        using var transport = new S3Transport(settings, clock);
        try
        {
            return settings.IsAmazon
                ? await ByOwnerAsync(settings, transport, ct)
                : await ByMakingAsync(settings, transport, ct);
        }
        catch (XmlException e)
        {
            throw OperationException.Refused(
                $"{settings.Service} answers in a form that is not understood: {e.Message}",
                e
            );
        }
    }

    /// <summary><c>OWNER/BUCKET</c>.</summary>
    internal static async Task<string?> ByOwnerAsync(S3Settings settings, S3Transport transport, CancellationToken ct)
    {
        var answer = await AskAsync(
            transport,
            new(HttpMethod.Get, "") { Query = [("acl", "")] },
            "s3:GetBucketAcl",
            ct
        );
        return S3Listing.Owner(answer) is { } owner ? $"{owner}/{settings.Bucket}" : null;
    }

    /// <summary><c>OWNER/BUCKET/DATE</c>.</summary>
    private static async Task<string?> ByMakingAsync(S3Settings settings, S3Transport transport, CancellationToken ct)
    {
        var answer = await AskAsync(
            transport,
            new(HttpMethod.Get, "") { IsOfService = true },
            "s3:ListAllMyBuckets",
            ct
        );
        var (owner, made) = (S3Listing.Owner(answer), S3Listing.MadeAt(answer, settings.Bucket));
        if (made is null)
            throw OperationException.Refused(
                $"{settings.Endpoint} does not list a bucket '{settings.Bucket}': there is none, or the access key may not see it"
            );
        return $"{owner ?? "nobody"}/{settings.Bucket}/{made}";
    }

    private static async Task<string> AskAsync(
        S3Transport transport,
        S3Request request,
        string privilege,
        CancellationToken ct
    )
    {
        try
        {
            using var answer = await transport.SendAsync(request, ct);
            return await answer.TextAsync(ct);
        }
        catch (OperationException e) when (e.Kind == FailureKind.Refused)
        {
            throw OperationException.Refused($"{e.Message}; which bucket this is can be told with {privilege}", e);
        }
    }
}
