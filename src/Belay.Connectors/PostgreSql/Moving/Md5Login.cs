using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>The answer to a server that asks for a password as MD5 (PostgreSQL documentation, "Message Flow", AuthenticationMD5Password).</summary>
internal static class Md5Login
{
    public static string Answer(string user, string password, ReadOnlySpan<byte> salt) =>
        $"md5{Hash([.. Encoding.ASCII.GetBytes(Hash(Encoding.UTF8.GetBytes(password + user))), .. salt])}";

    [SuppressMessage(
        "Security",
        "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "The protocol asks for it."
    )]
    private static string Hash(byte[] text) => Convert.ToHexStringLower(MD5.HashData(text));
}
