using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>The client's side of a login by SCRAM-SHA-256 (RFC 5802, RFC 7677): the password never travels, and the server proves that it knows it too.</summary>
internal sealed class Scram(string user, string password, string nonce)
{
    public const string Mechanism = "SCRAM-SHA-256";

    // RFC 7677, section 4; the drivers' specification of authentication asks clients to refuse less.
    private const int LeastIterations = 4096;
    private const string Header = "n,,";
    private byte[] serverSignature = [];

    /// <summary>A nonce that nobody can guess.</summary>
    public static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    /// <summary>The first message to the server.</summary>
    public string First => Header + Bare;

    private string Bare =>
        $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";

    /// <summary>The answer to the server's first message.</summary>
    /// <exception cref="InvalidDataException">The server does not keep to the protocol.</exception>
    public string Answer(string serverFirst)
    {
        var said = Attributes(serverFirst);
        if (
            !said.TryGetValue('r', out var both)
            || !both.StartsWith(nonce, StringComparison.Ordinal)
            || both.Length == nonce.Length
            || !said.TryGetValue('s', out var salt)
            || !int.TryParse(said.GetValueOrDefault('i'), CultureInfo.InvariantCulture, out var iterations)
            || iterations < LeastIterations
        )
            throw new InvalidDataException("the server does not keep to SCRAM-SHA-256");
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password),
            Convert.FromBase64String(salt),
            iterations,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        var withoutProof = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(Header))},r={both}";
        var message = Encoding.UTF8.GetBytes($"{Bare},{serverFirst},{withoutProof}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), message);
        var proof = clientKey.Zip(signature, (key, sign) => (byte)(key ^ sign)).ToArray();
        serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>Whether the server's last message shows that it knows the password.</summary>
    public bool IsServer(string serverFinal) =>
        Attributes(serverFinal).TryGetValue('v', out var signature)
        && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(signature), serverSignature);

    private static Dictionary<char, string> Attributes(string message) =>
        message.Split(',').Where(part => part.Length > 1).ToDictionary(part => part[0], part => part[2..]);
}
