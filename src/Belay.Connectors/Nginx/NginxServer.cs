using System.Globalization;
using Belay.Connectors.Commands;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Nginx;

/// <summary>A running nginx of this machine: its master process and its workers.</summary>
/// <remarks>The signals: https://nginx.org/en/docs/control.html.</remarks>
internal sealed class NginxServer(NginxPlace place, IScope scope)
{
    private const string Master = "nginx: master process";
    private const string Worker = "nginx: worker process";
    private const string Leaving = "is shutting down";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>The master process.</summary>
    /// <exception cref="OperationException">Refused: it does not run.</exception>
    public ProcessIdentity FindMaster()
    {
        var file = scope.PathOf(place.PidFile);
        var text = LocalFile.Guard(file, () => File.Exists(file) ? File.ReadAllText(file).Trim() : "");
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ProcessTable.Find(pid) is { } live
            && TitleOf(pid).StartsWith(Master, StringComparison.Ordinal)
            ? live.Identity
            : throw OperationException.Refused(
                $"no nginx runs under the pid of {file}: start it, or name its pid-file"
            );
    }

    /// <summary>Lets nginx itself judge its configuration.</summary>
    /// <returns>What is wrong with it, in nginx's words; null: nothing.</returns>
    public async Task<string?> ProblemAsync(CancellationToken ct)
    {
        var result = await scope.Commands.RunAsync(NginxCommands.Test(place, scope.PlanFolder), null, ct);
        return result.ExitCode == 0 ? null : result.Error.Trim().ReplaceLineEndings("; ");
    }

    /// <summary>Loads the configuration anew: new workers take the connections, old ones finish theirs and leave.</summary>
    /// <exception cref="OperationException">Refused: the old workers still take connections when the time is over.</exception>
    public async Task ReloadAsync(ProcessIdentity master, CancellationToken ct)
    {
        var before = WorkersOf(master).Select(worker => worker.Identity).ToHashSet();
        Signals.Send(master.Pid, Signals.HangUp);
        var begun = scope.Clock.GetTimestamp();
        while (!IsReloaded(master, before))
        {
            if (!ProcessTable.IsAlive(master))
                throw OperationException.OutcomeUnknown(
                    "nginx ended while it loaded its configuration: read its error log"
                );
            if (scope.Clock.GetElapsedTime(begun) > place.Within)
                throw OperationException.Refused(
                    $"nginx goes on with its old configuration {Duration.Format(place.Within)} after it was told to load the new one: read its error log"
                );
            await Task.Delay(Interval, scope.Clock, ct);
        }
    }

    private static bool IsReloaded(ProcessIdentity master, HashSet<ProcessIdentity> before)
    {
        var taking = WorkersOf(master).Where(worker => !worker.IsLeaving).Select(worker => worker.Identity).ToList();
        return taking.Count > 0 && !taking.Any(before.Contains);
    }

    private static IEnumerable<(ProcessIdentity Identity, bool IsLeaving)> WorkersOf(ProcessIdentity master) =>
        ProcessTable
            .ChildrenOf(master.Pid)
            .Select(worker => (worker.Identity, Title: TitleOf(worker.Identity.Pid)))
            .Where(worker => worker.Title.StartsWith(Worker, StringComparison.Ordinal))
            .Select(worker => (worker.Identity, worker.Title.Contains(Leaving, StringComparison.Ordinal)));

    // nginx writes what a process does over its arguments.
    private static string TitleOf(int pid) => string.Join(' ', ProcessTable.Arguments(pid));
}
