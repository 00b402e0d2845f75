using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Ssh;

/// <summary>The command lines of <c>ssh</c> (ssh(1), ssh_config(5)). Pure.</summary>
internal static class SshCommands
{
    /// <summary>Runs a script of the POSIX shell on the server.</summary>
    /// <param name="settings">The server.</param>
    /// <param name="script">The script; its arguments are <c>$1</c>, <c>$2</c>, ...</param>
    /// <param name="arguments">The arguments, each passed as it is.</param>
    /// <param name="input">What the script reads.</param>
    /// <param name="limit">How long it may take.</param>
    public static Command Run(
        SshSettings settings,
        string script,
        IEnumerable<string> arguments,
        string? input,
        TimeSpan limit
    ) =>
        new()
        {
            Program = "ssh",
            Arguments =
            [
                // Nothing of the operator's own configuration: what a plan does must not depend on who runs it.
                "-F",
                "none",
                "-T",
                "-p",
                settings.Port.ToString(CultureInfo.InvariantCulture),
                .. Options(settings).SelectMany(option => (string[])["-o", option]),
                .. settings.Through is { } through ? ["-J", through] : Array.Empty<string>(),
                "--",
                $"{settings.User}@{settings.Host}",
                string.Join(' ', arguments.Prepend("belay").Prepend(script).Select(Quoted).Prepend("sh -c")),
            ],
            Input = input,
            Limit = limit,
        };

    private static IEnumerable<string> Options(SshSettings settings) =>
        [
            "BatchMode=yes",
            "StrictHostKeyChecking=yes",
            $"UserKnownHostsFile={settings.KnownHosts}",
            "GlobalKnownHostsFile=none",
            "UpdateHostKeys=no",
            "ClearAllForwardings=yes",
            "ControlPath=none",
            string.Create(
                CultureInfo.InvariantCulture,
                $"ConnectTimeout={(int)Math.Ceiling(settings.ConnectWithin.TotalSeconds)}"
            ),
            // A connection that is cut without a word is noticed.
            "ServerAliveInterval=5",
            "ServerAliveCountMax=3",
            .. settings.Key is { } key ? [$"IdentityFile={key}", "IdentitiesOnly=yes"] : Array.Empty<string>(),
        ];

    // The server's shell reads one line: quotes keep each word whole.
    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
