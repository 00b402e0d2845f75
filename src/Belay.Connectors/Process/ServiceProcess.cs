using System.Collections.Immutable;
using System.Globalization;
using Belay.Connectors.Commands;
using Belay.Domain.Contract;

namespace Belay.Connectors.Process;

/// <summary>The process of a service: found through its pid file, and only believed when it is what the file meant.</summary>
/// <param name="pidFile">The pid file (absolute): a number and nothing else.</param>
/// <param name="command">The service's command; empty when the plan does not say.</param>
internal sealed class ServiceProcess(string pidFile, ImmutableArray<string> command)
{
    /// <summary>The kernel tells starts in hundredths of a second after a boot time of whole seconds; clocks of file systems lag a little.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <summary>USER_HZ, the unit of field 22 of /proc/PID/stat: 100 on every architecture that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    /// <summary>The live process of the service; null when it does not run.</summary>
    /// <exception cref="OperationException">Refused: the pid file holds something else than a number.</exception>
    public ProcessIdentity? Find()
    {
        if (ReadPidFile() is not { } pid || ProcessTable.Find(pid) is not { } live)
            return null;
        return IsMeant(live) ? live.Identity : null;
    }

    /// <summary>Removes the pid file of a service that has ended.</summary>
    public void Forget() => File.Delete(pidFile);

    // A number may belong to another process by now. With a command, its argument list tells; without, a process that
    // is younger than the file cannot be the one that the file was written for.
    private bool IsMeant(LiveProcess live) =>
        command.IsEmpty ? Started(live.Identity) <= File.GetLastWriteTimeUtc(pidFile) + Slack : Runs(live);

    private bool Runs(LiveProcess live)
    {
        var actual = ProcessTable.Arguments(live.Identity.Pid);
        if (actual.Length < command.Length)
            return false;
        // An interpreter stands before a script, and a wrapper that has not become the service yet before its command.
        var tail = actual[^command.Length..];
        return tail.AsSpan(1).SequenceEqual(command.AsSpan()[1..])
            && Path.GetFileName(tail[0]) == Path.GetFileName(command[0]);
    }

    private static DateTime Started(ProcessIdentity process)
    {
        var boot = File.ReadLines("/proc/stat").First(l => l.StartsWith("btime ", StringComparison.Ordinal));
        return DateTime.UnixEpoch.AddSeconds(
            long.Parse(boot.AsSpan("btime ".Length), CultureInfo.InvariantCulture)
                + (process.StartTicks / (double)TicksPerSecond)
        );
    }

    private int? ReadPidFile()
    {
        try
        {
            var text = File.ReadAllText(pidFile).Trim();
            return text.Length == 0 ? null
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid
                : throw OperationException.Refused($"{pidFile} holds no process id: is it the right file?");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{pidFile} cannot be read: {e.Message}", e);
        }
    }
}
