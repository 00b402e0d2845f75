using System.Net.Sockets;
using System.Security.Authentication;
using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>
/// What a failure of PostgreSQL means for a step. The one place that knows SQLSTATE codes
/// (PostgreSQL documentation, appendix A, "PostgreSQL Error Codes").
/// </summary>
internal static class Failures
{
    /// <summary>The typed failure for an error of a statement or of a session; null when the error is none of PostgreSQL's.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="place">Where: the connection, or the file and line of a migration.</param>
    public static OperationException? Of(Exception error, string place) =>
        error switch
        {
            PostgresException said => new OperationException(KindOf(said.SqlState), $"{place}: {Words(said)}", said),
            NpgsqlException { InnerException: AuthenticationException said } => OperationException.Refused(
                $"{place}: the server's certificate is not trusted: {said.Message.TrimEnd('.')}; name its authority by tls-root, or mend the certificate",
                error
            ),
            NpgsqlException { InnerException: TimeoutException } => OperationException.Transient(
                $"{place}: the server did not answer in time",
                error
            ),
            NpgsqlException { InnerException: IOException or SocketException } => OperationException.Transient(
                $"{place}: {Unreachable(error)}",
                error
            ),
            // The driver itself says no: a password is asked for and there is none, the server speaks no TLS, ...
            NpgsqlException => OperationException.Refused($"{place}: {error.Message}", error),
            SocketException or TimeoutException => OperationException.Transient(
                $"{place}: the server cannot be reached: {error.Message}",
                error
            ),
            _ => null,
        };

    /// <summary>The typed failure for an error while COMMIT was under way, or of a statement that commits by itself.</summary>
    /// <remarks>An error that the server reports rolls back; a session that ends in the middle leaves the outcome open.</remarks>
    public static OperationException? OfCommit(Exception error, string place) =>
        error is PostgresException said && !EndsSession(said.SqlState) ? Of(error, place)
        : error is NpgsqlException or SocketException or TimeoutException
            ? OperationException.OutcomeUnknown(
                $"{place}: the session ended while the server was committing ({error.Message}); whether it did is not known",
                error
            )
        : null;

    private static FailureKind KindOf(string sqlState) =>
        sqlState switch
        {
            // Another session holds a lock, or was chosen by the deadlock detector, or a newer snapshot is needed.
            "55P03" or "55006" or "40001" or "40P01" => FailureKind.Transient,
            // Too many connections; out of memory. A full disk (53100) needs a person.
            "53300" or "53200" => FailureKind.Transient,
            "57P04" => FailureKind.Refused,
            _ when EndsSession(sqlState) => FailureKind.Transient,
            _ => FailureKind.Refused,
        };

    // Class 08: connection exceptions. 57P01..57P05: the server goes down, starts, or ended the session.
    private static bool EndsSession(string sqlState) =>
        sqlState.StartsWith("08", StringComparison.Ordinal) || sqlState.StartsWith("57P", StringComparison.Ordinal);

    private static string Words(PostgresException said) =>
        said.SqlState switch
        {
            "28P01" or "28000" =>
                $"the server refused the login ({said.MessageText}); correct user and password of the connection",
            "3D000" => $"{said.MessageText}; correct the connection's database, or create it",
            "25006" =>
                $"the server takes no writes ({said.MessageText}); name the primary server, not a standby, in the connection",
            "53100" => $"the server's disk is full ({said.MessageText}); make room there",
            "53300" => $"the server has no free connection ({said.MessageText})",
            "55P03" => "another session holds the lock, and the limit for waiting passed; nothing was changed",
            "57014" => $"a statement was ended ({said.MessageText})",
            "42501" => $"{said.MessageText}; the role lacks a privilege that this operation needs (see its README)",
            _ => $"{said.MessageText} (SQLSTATE {said.SqlState}){Hint(said)}",
        };

    private static string Hint(PostgresException said) => said.Hint is { Length: > 0 } hint ? $"; hint: {hint}" : "";

    private static string Unreachable(Exception error) =>
        error.InnerException is SocketException socket
            ? $"the server cannot be reached: {socket.Message}"
            : $"the session was lost: {error.InnerException?.Message ?? error.Message}";
}
