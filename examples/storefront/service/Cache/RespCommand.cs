using System.Text;

namespace Storefront.Cache;

/// <summary>One command with its arguments, as Redis and Valkey take them.</summary>
internal sealed record RespCommand(params string[] Words)
{
    /// <summary>Appends the command as an array of bulk strings (RESP, https://redis.io/docs/reference/protocol-spec).</summary>
    public void WriteTo(Stream stream)
    {
        stream.Write(Encoding.ASCII.GetBytes($"*{Words.Length}\r\n"));
        foreach (var word in Words)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            stream.Write(Encoding.ASCII.GetBytes($"${bytes.Length}\r\n"));
            stream.Write(bytes);
            stream.Write("\r\n"u8);
        }
    }
}
