using System.Text;

namespace Storefront.Load;

/// <summary>One request to the shop.</summary>
internal sealed record ShopRequest
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>Empty for a user who has not logged in.</summary>
    public string Session { get; init; } = "";

    /// <summary>A JSON object; empty for none.</summary>
    public string Body { get; init; } = "";

    public byte[] ToBytes()
    {
        var session = Session.Length > 0 ? $"x-session: {Session}\r\n" : "";
        var length = Encoding.UTF8.GetByteCount(Body);
        return Encoding.UTF8.GetBytes(
            $"{Method} {Path} HTTP/1.1\r\nhost: shop\r\n{session}content-length: {length}\r\n\r\n{Body}"
        );
    }
}
