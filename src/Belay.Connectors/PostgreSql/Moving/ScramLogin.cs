using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>A login by SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677; PostgreSQL documentation, "SASL Authentication").</summary>
internal sealed class ScramLogin(string password)
{
    private const string Mechanism = "SCRAM-SHA-256";
    private const string Header = "n,,";
    private readonly string nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    // The server knows the user from the startup packet; the name here is left empty.
    private string FirstBare => $"n=,r={nonce}";

    /// <summary>The first message: the mechanism, and what the client says.</summary>
    public byte[] First()
    {
        var said = Encoding.UTF8.GetBytes(Header + FirstBare);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, said.Length);
        return [.. Encoding.ASCII.GetBytes(Mechanism), 0, .. length, .. said];
    }

    /// <summary>The proof, for what the server said.</summary>
    public byte[] Final(string server, string place)
    {
        var fields = server.Split(',').Where(f => f.Length > 2).ToDictionary(f => f[0], f => f[2..]);
        if (
            !fields.TryGetValue('r', out var both)
            || !both.StartsWith(nonce, StringComparison.Ordinal)
            || !fields.TryGetValue('s', out var salt)
            || !fields.TryGetValue('i', out var rounds)
        )
            throw OperationException.Refused($"{place}: its login does not follow SCRAM-SHA-256");
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password),
            Convert.FromBase64String(salt),
            int.Parse(rounds, CultureInfo.InvariantCulture),
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        var without = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(Header))},r={both}";
        var key = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(
            SHA256.HashData(key),
            Encoding.UTF8.GetBytes($"{FirstBare},{server},{without}")
        );
        var proof = key.Zip(signature, (a, b) => (byte)(a ^ b)).ToArray();
        return Encoding.UTF8.GetBytes($"{without},p={Convert.ToBase64String(proof)}");
    }
}
