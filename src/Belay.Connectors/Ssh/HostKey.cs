using System.Text.RegularExpressions;
using Belay.Connectors.Commands;
using Belay.Domain.Contract;

namespace Belay.Connectors.Ssh;

/// <summary>Which server answers: the host key that it proves to have.</summary>
internal static partial class HostKey
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <exception cref="OperationException">The server cannot be reached, or shows another key than <c>known-hosts</c> has.</exception>
    public static async ValueTask<string?> ReadAsync(SshSettings settings, TimeProvider clock, CancellationToken ct)
    {
        // No run: who asks which systems these are may not have begun one.
        var runner = new ChildProcesses(clock, () => "none").For("identity", "ssh", "/", Unheard.Instance);
        var result = await runner.RunAsync(SshCommands.Greet(settings, Limit), null, ct);
        return Of(result.Error)
            ?? throw SshServer.Failure($"{settings.User}@{settings.Host}", result with { Error = Words(result.Error) });
    }

    /// <summary>The key that was proven, <c>ssh-ed25519 SHA256:...</c>; null when none was.</summary>
    /// <remarks>
    /// sshconnect.c says which key a server shows and that it stands in <c>known_hosts</c>; sshconnect2.c goes on to the login only after
    /// the exchange of keys, which proves it. Through another server, that one's key is told before.
    /// </remarks>
    internal static string? Of(string told) =>
        Login().IsMatch(told) && Shown().Matches(told) is [.., var last]
            ? $"{last.Groups["kind"].Value} {last.Groups["print"].Value}"
            : null;

    private static string Words(string told) =>
        string.Join(
            '\n',
            told.Split('\n')
                .Where(line => !line.StartsWith("debug", StringComparison.Ordinal))
                .Select(line => line.Trim())
        );

    [GeneratedRegex(
        @"^debug1: Server host (key|certificate): (?<kind>\S+) (?<print>SHA256:[A-Za-z0-9+/]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Shown();

    [GeneratedRegex(
        @"^debug1: (Authentications that can continue|Authentication succeeded)|^Authenticated to |: Permission denied \(",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Login();

    private sealed class Unheard : IChildObserver
    {
        public static Unheard Instance { get; } = new();

        public ValueTask StartedAsync(ProcessIdentity child, string command) => ValueTask.CompletedTask;

        public ValueTask EndedAsync(ProcessIdentity child, int exitCode) => ValueTask.CompletedTask;
    }
}
