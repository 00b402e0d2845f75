using Belay.Domain.Contract;

namespace Belay.Connectors.Ssh;

/// <summary>Runs scripts on a server, and gives their failures a type.</summary>
internal sealed class SshServer(string connection, IScope scope)
{
    /// <summary>What ssh itself exits with when it could not connect, or lost the connection.</summary>
    private const int SshFailed = 255;

    // ssh's own words (sshconnect.c, sshconnect2.c): trying again does not help.
    private static readonly string[] Refusals =
    [
        "Host key verification failed",
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "Permission denied",
        "Too many authentication failures",
        "No such identity",
    ];

    // Before anything could be sent.
    private static readonly string[] Unconnected =
    [
        "Connection refused",
        "Connection timed out",
        "No route to host",
        "Network is unreachable",
        "Could not resolve hostname",
        "Name or service not known",
    ];

    private readonly SshSettings settings = scope.Connection<SshSettings>(connection);

    /// <summary>The server, for people.</summary>
    public string Place => $"{settings.User}@{settings.Host}";

    /// <summary>Runs a script and returns what it says.</summary>
    /// <exception cref="OperationException">Refused: the server or the script said no. Transient: no connection. Outcome unknown: the connection was lost.</exception>
    public async Task<string> RunAsync(
        string script,
        IEnumerable<string> arguments,
        string? input,
        TimeSpan limit,
        CancellationToken ct
    )
    {
        var result = await scope.Commands.RunAsync(
            SshCommands.Run(settings, script, arguments, input, limit),
            null,
            ct
        );
        return result.ExitCode == 0 ? result.Output : throw Failure(Place, result);
    }

    /// <summary>What went wrong, with its type.</summary>
    /// <param name="place">The server, for people.</param>
    /// <param name="result">How ssh ended.</param>
    public static OperationException Failure(string place, CommandResult result)
    {
        var said = result.Error.Trim().ReplaceLineEndings("; ");
        if (result.ExitCode != SshFailed)
            return OperationException.Refused(
                $"{place}: {(said.Length > 0 ? said : $"the server's shell ended with {result.ExitCode}")}"
            );
        if (Refusals.Any(words => said.Contains(words, StringComparison.Ordinal)))
            return OperationException.Refused($"{place}: {said}");
        return Unconnected.Any(words => said.Contains(words, StringComparison.Ordinal))
            ? OperationException.Transient($"{place}: {said}")
            : OperationException.OutcomeUnknown($"{place}: the connection was lost: {said}");
    }
}
