using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Belay.Connectors.Commands;
using Belay.Domain.Contract;

namespace Belay.Connectors.Process;

/// <summary>A service of this machine: starts, becomes ready, stops. What <c>process.start</c> and <c>process.stop</c> have in common.</summary>
internal sealed class Service
{
    /// <summary>The pid file is there before the service is: a crash of Belay at any moment leaves both or none. The number is the service's own, because exec keeps it.</summary>
    private const string WritePidThenBecomeTheService = "echo $$ >\"$0.new\" && mv -f \"$0.new\" \"$0\" && exec \"$@\"";

    private const int LeastRedacted = 4;
    private const int LongestLogTail = 2048;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly ServiceSettings settings;
    private readonly IScope scope;
    private readonly ServiceProcess process;
    private readonly ReadinessProbe? probe;

    public Service(ServiceSettings settings, IScope scope)
    {
        (this.settings, this.scope) = (settings, scope);
        process = new ServiceProcess(scope.PathOf(settings.PidFile), settings.Command);
        probe = settings.Ready is { } ready ? new ReadinessProbe(ready, scope, Folder) : null;
    }

    public async ValueTask<ProcessState> ObserveAsync(CancellationToken ct) =>
        process.Find() is { } live
            ? new ProcessState
            {
                Running = true,
                Ready = probe is null || await probe.IsReadyAsync(ct),
                Pid = live.Pid,
                StartTicks = live.StartTicks,
            }
            : new ProcessState { Running = false, Ready = false };

    /// <summary>Starts it when it does not run, and waits until it is ready.</summary>
    /// <exception cref="OperationException">Refused: it ended, or was not ready in time; it is left as it is, for people to look at.</exception>
    public async IAsyncEnumerable<Progress> StartAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (process.Find() is not { } live)
        {
            live = await LaunchAsync(ct);
            yield return Progress.Say($"{settings.Name} runs as process {live.Pid}");
        }
        var begun = scope.Clock.GetTimestamp();
        while (probe is not null && !await probe.IsReadyAsync(ct))
        {
            if (!ProcessTable.IsAlive(live))
                throw OperationException.Refused($"{settings.Name} ended before it was ready: {LogTail()}");
            if (scope.Clock.GetElapsedTime(begun) > settings.Ready!.Within)
                throw OperationException.Refused(
                    $"{settings.Name} (process {live.Pid}) was not ready within {settings.Ready.Within}: {LogTail()}"
                );
            await Task.Delay(Interval, scope.Clock, ct);
        }
        if (!ProcessTable.IsAlive(live))
            throw OperationException.Refused($"{settings.Name} ended at once: {LogTail()}");
    }

    private async Task<ProcessIdentity> LaunchAsync(CancellationToken ct)
    {
        var command = StartCommand(
            settings.Command,
            scope.PathOf(settings.PidFile),
            Folder,
            Environment(),
            Secrets(FromPlan().Values, FromFile().Values)
        );
        process.Forget();
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!);
        try
        {
            var live = await scope.Commands.StartServiceAsync(command, Log, ct);
            // It writes its id down before it becomes the service. Whoever looks before that would take it for not running, and start another.
            while (ProcessTable.IsAlive(live) && process.Find() is null)
                await Task.Delay(Interval, scope.Clock, ct);
            return live;
        }
        catch (OperationException e) when (e.Kind == FailureKind.Refused)
        {
            // It may have ended before anybody could look at it: what it said last is what people need.
            throw OperationException.Refused($"{settings.Name} did not start: {e.Message}; {LogTail()}", e);
        }
    }

    /// <summary>Stops it when it runs: SIGTERM, the grace, and only where the plan allows it SIGKILL.</summary>
    /// <exception cref="OperationException">Refused: it did not end within the grace, and may not be killed. Outcome unknown: it is still there after SIGKILL.</exception>
    public async IAsyncEnumerable<Progress> StopAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (process.Find() is { } live)
        {
            yield return Progress.Say($"asking process {live.Pid} of {settings.Name} to end");
            Signals.Send(live.Pid, Signals.Terminate);
            if (!await EndsAsync(live, settings.Grace, ct))
                await KillAsync(live, ct);
        }
        process.Forget();
    }

    /// <summary>The command that becomes the service. Pure.</summary>
    public static Command StartCommand(
        ImmutableArray<string> command,
        string pidFile,
        string folder,
        ImmutableDictionary<string, string> environment,
        IEnumerable<string> secrets
    ) =>
        new()
        {
            Program = "sh",
            Arguments = ["-c", WritePidThenBecomeTheService, pidFile, .. command],
            Folder = folder,
            Environment = environment,
            Redact = [.. secrets],
        };

    /// <summary>What may not be seen of a service's environment: all that the plan gives, for it may be secret; of a file that belongs to the service everything but addresses and ports, without which no log can be read.</summary>
    internal static IEnumerable<string> Secrets(IEnumerable<string> fromPlan, IEnumerable<string> fromFile) =>
        fromPlan
            .Concat(fromFile.Where(value => !IsAddress(value)))
            .Where(value => value.Length >= LeastRedacted)
            .Distinct(StringComparer.Ordinal);

    private static bool IsAddress(string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        || ((value.Count(letter => letter == '.') == 3 || value.StartsWith('[')) && IPEndPoint.TryParse(value, out _))
        || value == "localhost"
        || (value.StartsWith("localhost:", StringComparison.Ordinal) && IsAddress(value["localhost:".Length..]));

    private string Folder => scope.PathOf(settings.Folder ?? ".");

    private string Log => scope.PathOf(settings.Log!);

    private ImmutableDictionary<string, string> Environment() => FromFile().SetItems(FromPlan());

    private ImmutableDictionary<string, string> FromFile() =>
        settings.EnvironmentFile is { } file
            ? EnvironmentFile.Read(scope.PathOf(file))
            : ImmutableDictionary<string, string>.Empty;

    private Dictionary<string, string> FromPlan() =>
        settings.Environment.ToDictionary(v => v.Key, v => v.Value.Reveal());

    private async Task KillAsync(ProcessIdentity live, CancellationToken ct)
    {
        if (!settings.Kill)
            throw OperationException.Refused(
                $"{settings.Name} (process {live.Pid}) did not end within {settings.Grace} after SIGTERM: give it a longer grace, end it by hand, or allow kill: true"
            );
        Signals.Send(live.Pid, Signals.Kill);
        if (!await EndsAsync(live, settings.Grace, ct))
            throw OperationException.OutcomeUnknown(
                $"process {live.Pid} of {settings.Name} is still there after SIGKILL"
            );
    }

    private async Task<bool> EndsAsync(ProcessIdentity live, TimeSpan limit, CancellationToken ct)
    {
        var begun = scope.Clock.GetTimestamp();
        while (ProcessTable.IsAlive(live))
        {
            if (scope.Clock.GetElapsedTime(begun) > limit)
                return false;
            await Task.Delay(Interval, scope.Clock, ct);
        }
        return true;
    }

    private string LogTail()
    {
        var redaction = new Redaction(Secrets(FromPlan().Values, FromFile().Values));
        var text = redaction.Apply(File.Exists(Log) ? File.ReadAllText(Log) : "").TrimEnd();
        return text.Length == 0
            ? $"{Log} is empty"
            : $"{Log} ends with: {text[Math.Max(0, text.Length - LongestLogTail)..]}";
    }
}

/// <summary>What the plan says of a service.</summary>
internal sealed record ServiceSettings
{
    public required string Name { get; init; }

    public required string PidFile { get; init; }

    public required ImmutableArray<string> Command { get; init; }

    public required string? Log { get; init; }

    public required string? Folder { get; init; }

    public required string? EnvironmentFile { get; init; }

    public required ImmutableDictionary<string, Secret> Environment { get; init; }

    public required Readiness? Ready { get; init; }

    public required TimeSpan Grace { get; init; }

    public required bool Kill { get; init; }
}

/// <summary>What can be seen of a service.</summary>
public sealed record ProcessState
{
    /// <summary>Whether its process runs.</summary>
    public required bool Running { get; init; }

    /// <summary>Whether it runs and says that it is ready.</summary>
    public required bool Ready { get; init; }

    /// <summary>Its process id; null when it does not run.</summary>
    public int? Pid { get; init; }

    /// <summary>When its process started, in clock ticks after boot: with the id, this process and no later one.</summary>
    public long? StartTicks { get; init; }
}
