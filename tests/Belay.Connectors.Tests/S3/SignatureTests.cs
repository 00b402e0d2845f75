using Belay.Connectors.S3;

namespace Belay.Connectors.Tests.S3;

/// <summary>Signatures against the worked examples of "Authenticating Requests: Using the Authorization Header" (Amazon S3 API Reference).</summary>
public sealed class SignatureTests
{
    private const string Host = "examplebucket.s3.amazonaws.com";

    private static readonly SigningScope Scope = new(
        "us-east-1",
        "s3",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    );

    [Fact]
    public void A_part_of_an_object() =>
        Assert.EndsWith(
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            Sign("GET", $"https://{Host}/test.txt", ("range", "bytes=0-9")),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_bucket_s_setting() =>
        Assert.EndsWith(
            "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            Sign("GET", $"https://{Host}/?lifecycle"),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_listing() =>
        Assert.EndsWith(
            "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            Sign("GET", $"https://{Host}/?max-keys=2&prefix=J"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("a b", "a%20b")]
    [InlineData("a+b&c=d", "a%2Bb%26c%3Dd")]
    [InlineData("x/ü~", "x/%C3%BC~")]
    public void A_key_in_a_path(string key, string encoded) =>
        Assert.Equal(encoded, S3Signature.Encode(key, keepSlashes: true));

    private static string Sign(string method, string url, params (string Name, string Value)[] headers)
    {
        var signed = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = Host,
            ["x-amz-content-sha256"] = S3Signature.EmptyPayload,
            ["x-amz-date"] = "20130524T000000Z",
        };
        foreach (var (name, value) in headers)
            signed[name] = value;
        return S3Signature.Authorization(method, new Uri(url), signed, S3Signature.EmptyPayload, Scope);
    }
}
