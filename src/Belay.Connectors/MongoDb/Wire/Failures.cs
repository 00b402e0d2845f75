using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>What an error that the server answers means for a step (error codes: https://www.mongodb.com/docs/manual/reference/error-codes/).</summary>
internal static class Failures
{
    public const int Unauthorized = 13;
    public const int AuthenticationFailed = 18;
    public const int NamespaceNotFound = 26;

    /// <summary>The typed failure. The message names the command, never its arguments.</summary>
    /// <param name="place">Where.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="reply">The answer, whose <c>ok</c> is 0, or one error of its <c>writeErrors</c>.</param>
    public static ServerRefusal Of(string place, string command, BsonDocument reply)
    {
        var code = reply["code"] is { } number ? (int)number.AsInt64() : 0;
        var said = reply["errmsg"] is { Type: BsonType.Text } text ? text.AsText().TrimEnd('.') : "without a reason";
        var words = code switch
        {
            AuthenticationFailed =>
                $"the server refused the login ({said}); correct user, password and auth-source of the connection",
            Unauthorized => $"{said}; the user lacks a privilege that this operation needs (see its README)",
            _ => $"the server refused {command}: {said} (code {code})",
        };
        return new ServerRefusal(code, new OperationException(KindOf(code), $"{place}: {words}"));
    }

    private static FailureKind KindOf(int code) =>
        code switch
        {
            // HostUnreachable, HostNotFound, NetworkTimeout, SocketException.
            6 or 7 or 89 or 9001 => FailureKind.Transient,
            // LockTimeout, MaxTimeMSExpired, ConflictingOperationInProgress, WriteConflict.
            24 or 50 or 117 or 112 => FailureKind.Transient,
            // ShutdownInProgress, PrimarySteppedDown, InterruptedAtShutdown, InterruptedDueToReplStateChange.
            91 or 189 or 11600 or 11602 => FailureKind.Transient,
            // NotWritablePrimary, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary.
            10107 or 13435 or 13436 => FailureKind.Transient,
            _ => FailureKind.Refused,
        };
}

/// <summary>An error that the server answered.</summary>
internal sealed record ServerRefusal(int Code, OperationException Failure);
