using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Belay.Connectors.MongoDb.Wire;

namespace Belay.MongoStandIn;

/// <summary>What the server knows of one connection: its login by SCRAM-SHA-256 (RFC 5802, the server's side) and its open cursors.</summary>
internal sealed class ClientSession(StandInOptions options)
{
    private const int Iterations = 15_000;
    private static readonly byte[] Salt = RandomNumberGenerator.GetBytes(16);
    private string first = "";
    private string serverFirst = "";

    /// <summary>Whether it may run commands.</summary>
    public bool IsLoggedIn { get; private set; } = options.User is null;

    /// <summary>What is left of answers that did not fit into one batch.</summary>
    public Dictionary<long, Cursor> Cursors { get; } = [];

    public BsonBuilder Start(BsonDocument command)
    {
        if (command["mechanism"]!.Value.AsText() != Scram.Mechanism)
            throw new CommandException(334, "Received authentication for mechanism which is not enabled");
        first = Payload(command)["n,,".Length..];
        var nonce = first[(first.IndexOf("r=", StringComparison.Ordinal) + 2)..];
        serverFirst = string.Create(
            CultureInfo.InvariantCulture,
            $"r={nonce}{Scram.NewNonce()},s={Convert.ToBase64String(Salt)},i={Iterations}"
        );
        return Reply(serverFirst, done: false);
    }

    public BsonBuilder Continue(BsonDocument command)
    {
        var final = Payload(command);
        var withoutProof = final[..final.IndexOf(",p=", StringComparison.Ordinal)];
        var proof = Convert.FromBase64String(final[(withoutProof.Length + 3)..]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(options.Password!),
            Salt,
            Iterations,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        var message = Encoding.UTF8.GetBytes($"{first},{serverFirst},{withoutProof}");
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var clientKey = HMACSHA256.HashData(storedKey, message).Zip(proof, (a, b) => (byte)(a ^ b)).ToArray();
        if (
            !first.StartsWith($"n={options.User},", StringComparison.Ordinal)
            || !SHA256.HashData(clientKey).SequenceEqual(storedKey)
        )
            throw new CommandException(18, "Authentication failed.");
        IsLoggedIn = true;
        var signature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return Reply($"v={Convert.ToBase64String(signature)}", done: true);
    }

    private static string Payload(BsonDocument command) =>
        Encoding.UTF8.GetString(command["payload"]!.Value.AsBytes().Span);

    private static BsonBuilder Reply(string payload, bool done) =>
        new BsonBuilder().Add("conversationId", 1).Add("done", done).Add("payload", Encoding.UTF8.GetBytes(payload));
}

/// <summary>The documents that a cursor has not handed out yet.</summary>
internal sealed record Cursor(string Namespace, Queue<BsonDocument> Left);

/// <summary>The server says no.</summary>
internal sealed class CommandException(int code, string message) : Exception(message)
{
    public int Code => code;
}
