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
                .. Connect(settings, []),
                string.Join(' ', arguments.Prepend("belay").Prepend(script).Select(Quoted).Prepend("sh -c")),
            ],
            Input = input,
            Limit = limit,
        };

    /// <summary>Connects as far as to the server's proof of its host key, and tells about it on standard error; asks for no login.</summary>
    public static Command Greet(SshSettings settings, TimeSpan limit) =>
        new()
        {
            Program = "ssh",
            Arguments = [.. Connect(settings, ["LogLevel=DEBUG1", "PreferredAuthentications=none"]), "exit"],
            Limit = limit,
        };

    private static IEnumerable<string> Connect(SshSettings settings, IEnumerable<string> more) =>
        [
            // Nothing of the operator's own configuration: what a plan does must not depend on who runs it.
            "-F",
            "none",
            "-T",
            "-p",
            settings.Port.ToString(CultureInfo.InvariantCulture),
            .. Options(settings).Concat(more).SelectMany(option => (string[])["-o", option]),
            .. settings.Through is { } through
                ? ["-o", $"ProxyCommand={Jump(settings, through)}"]
                : Array.Empty<string>(),
            "--",
            $"{settings.User}@{settings.Host}",
        ];

    // Not -J: the server in between would be greeted with the operator's own keys and known hosts (ssh_config(5), ProxyJump).
    private static string Jump(SshSettings settings, string through)
    {
        var port =
            through.LastIndexOf(':') is > 0 and var colon && through.IndexOf(':', StringComparison.Ordinal) == colon
                ? through[(colon + 1)..]
                : "22";
        var server = through.EndsWith($":{port}", StringComparison.Ordinal) ? through[..^(port.Length + 1)] : through;
        string[] words =
        [
            "ssh",
            "-F",
            "none",
            "-p",
            port,
            .. Options(settings).SelectMany(option => (string[])["-o", option]),
        ];
        var own = string.Join(' ', words.Select(Escaped));
        return $"{own} -W '[%h]:%p' -- {Escaped(server)}";
    }

    // ssh reads % as the begin of a token, its shell the rest (ssh_config(5), TOKENS).
    private static string Escaped(string word) => Quoted(word.Replace("%", "%%", StringComparison.Ordinal));

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
