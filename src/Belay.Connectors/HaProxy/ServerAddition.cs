using System.Text.RegularExpressions;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.HaProxy;

/// <summary>Adds servers to running processes and removes them (HAProxy Management Guide, 9.3, "add server", "del server").</summary>
internal sealed partial class ServerAddition(ServerTarget target, string settings)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Adds the server, in maintenance, its checks on. A setting of <c>default-server</c> is not used by HAProxy here.</summary>
    public async Task AddAsync(HaProxyProcess process, string name, string address, CancellationToken ct)
    {
        var backend = target.Name.Backend;
        await process.SetAsync($"add server {backend}/{name} {address} {settings}".Trim(), "New server registered", ct);
        if (Check().IsMatch(settings))
            await process.SetAsync($"enable health {backend}/{name}", ct);
    }

    /// <summary>Removes the server from a process that knows it; it must be in maintenance. Idle connections end before.</summary>
    /// <exception cref="OperationException">Refused: it has connections at the end of the limit, or something in the configuration refers to it.</exception>
    public async Task TakeBackAsync(HaProxyProcess process, TimeSpan limit, CancellationToken ct)
    {
        var started = target.Clock.GetTimestamp();
        while (await target.FindAsync(process, ct) is { } row)
        {
            var answer = await process.WriteAsync($"del server {row.Backend}/{row.Name}", ct);
            if (answer.Contains("Server deleted", StringComparison.Ordinal))
                return;
            var waits = answer.Contains("still has connections", StringComparison.Ordinal);
            if (!waits || target.Clock.GetElapsedTime(started) > limit)
                throw OperationException.Refused($"HAProxy at {process.Name} does not remove {target.Name}: {answer}");
            await Task.Delay(Interval, target.Clock, ct);
        }
    }

    /// <summary>What is wrong with the settings. Anything else than these characters could smuggle in a second command.</summary>
    public static IEnumerable<InputProblem> Problems(string? settings)
    {
        if (settings is not null && !Words().IsMatch(settings))
            yield return new InputProblem(
                "settings",
                $"'{settings}' are no settings of a server: write them as after default-server, such as 'check inter 250ms fall 2'"
            );
    }

    [GeneratedRegex(
        @"(^| )check( |$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Check();

    [GeneratedRegex("^[A-Za-z0-9_.:/%@,= -]{0,500}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
