using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Belay.Connectors.S3;

/// <summary>
/// Signs requests by AWS Signature Version 4 ("Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference).
/// Pure.
/// </summary>
internal static class S3Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>SHA-256 of nothing, lower-case hex: the payload of a request without a body.</summary>
    public static string EmptyPayload { get; } = Convert.ToHexStringLower(SHA256.HashData([]));

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    /// <param name="method">GET, PUT, ...</param>
    /// <param name="url">The address, its path and query encoded as <see cref="Encode"/> does.</param>
    /// <param name="headers">The headers that are signed, <c>host</c> and <c>x-amz-date</c> among them; names in lower case.</param>
    /// <param name="payload">SHA-256 of the body, lower-case hex.</param>
    /// <param name="scope">For which region, service and key.</param>
    public static string Authorization(
        string method,
        Uri url,
        IReadOnlyDictionary<string, string> headers,
        string payload,
        SigningScope scope
    )
    {
        var sorted = headers.OrderBy(header => header.Key, StringComparer.Ordinal).ToArray();
        var names = string.Join(';', sorted.Select(header => header.Key));
        var request = string.Join(
            '\n',
            method,
            url.AbsolutePath,
            CanonicalQuery(url),
            string.Concat(sorted.Select(header => $"{header.Key}:{header.Value.Trim()}\n")),
            names,
            payload
        );
        var time = headers["x-amz-date"];
        var credential = $"{time[..8]}/{scope.Region}/{scope.Service}/aws4_request";
        var text = string.Join(
            '\n',
            Algorithm,
            time,
            credential,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))
        );
        var signature = Convert.ToHexStringLower(Hmac(Key(scope, time[..8]), text));
        return $"{Algorithm} Credential={scope.KeyId}/{credential}, SignedHeaders={names}, Signature={signature}";
    }

    /// <summary>A time as the header <c>x-amz-date</c> says it.</summary>
    public static string Time(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Percent-encodes all but unreserved characters (RFC 3986), and slashes where a path keeps them.</summary>
    public static string Encode(string text, bool keepSlashes) =>
        keepSlashes ? string.Join('/', text.Split('/').Select(Uri.EscapeDataString)) : Uri.EscapeDataString(text);

    private static string CanonicalQuery(Uri url) =>
        string.Join(
            '&',
            url.Query.TrimStart('?')
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=")
                .Order(StringComparer.Ordinal)
        );

    private static byte[] Key(SigningScope scope, string day) =>
        Hmac(
            Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + scope.Key), day), scope.Region), scope.Service),
            "aws4_request"
        );

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}

/// <summary>For what a signature counts.</summary>
/// <param name="Region">The region.</param>
/// <param name="Service">The service: <c>s3</c>.</param>
/// <param name="KeyId">The id of the access key.</param>
/// <param name="Key">The access key; stays in memory.</param>
internal sealed record SigningScope(string Region, string Service, string KeyId, string Key)
{
    /// <summary>Words without the key.</summary>
    public override string ToString() => $"{KeyId}/{Region}/{Service}";
}
