using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Process;

/// <summary>Inputs of <c>process.stop</c>. With <see cref="Command"/> and <see cref="Log"/> the service can be started again when the step is taken back.</summary>
public sealed record StopProcessInputs
{
    /// <summary>The service's name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The file that holds the process id and nothing else.</summary>
    public required string PidFile { get; init; }

    /// <summary>The command that the process must be running, and with which it is started again. Without it, a process that is younger than the pid file is not believed, and the stop cannot be taken back.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The file to which both outputs are appended when it is started again.</summary>
    public string? Log { get; init; }

    /// <summary>The folder to run in when it is started again. Default: the plan's.</summary>
    public string? Folder { get; init; }

    /// <summary>A file of environment variables for when it is started again, <c>NAME=value</c> a line.</summary>
    public string? EnvironmentFile { get; init; }

    /// <summary>Environment variables for when it is started again, stronger than those of the file; may hold secrets.</summary>
    public ImmutableDictionary<string, Secret> Environment { get; init; } = ImmutableDictionary<string, Secret>.Empty;

    /// <summary>How it shows that it is ready, when it is started again. Default: it is ready when it runs.</summary>
    public Readiness? Ready { get; init; }

    /// <summary>How long it has to end after SIGTERM. Default 30 seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether it may be ended by SIGKILL when the grace has passed. Default false.</summary>
    public bool Kill { get; init; }
}

/// <summary><c>process.stop</c>: stops a service of this machine.</summary>
internal sealed class StopProcess(StopProcessInputs inputs, IScope scope) : IChange<ProcessState>
{
    private readonly Service service = new(Settings(inputs), scope);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<StopProcessInputs, ProcessState>(
            "process.stop",
            "Stops a service of this machine",
            options => new StopProcessJson(options),
            Reversal.Never,
            Touches,
            (inputs, scope) => new StopProcess(inputs, scope),
            ReversalOf,
            Problems
        );

    public Repeat Repeat => Repeat.Safe;

    public ValueTask<ProcessState> ObserveAsync(CancellationToken ct) => service.ObserveAsync(ct);

    public Difference Plan(ProcessState observed) =>
        observed.Running
            ? Difference.Of(ReversalOf(inputs), new DifferenceLine($"process {inputs.Name}", "running", null))
            : Difference.None;

    public bool Same(ProcessState a, ProcessState b) => a.Running == b.Running;

    public IAsyncEnumerable<Progress> ApplyAsync(ProcessState before, CancellationToken ct) => service.StopAsync(ct);

    public IAsyncEnumerable<Progress> UndoAsync(ProcessState before, ProcessState? after, CancellationToken ct) =>
        before.Running ? service.StartAsync(ct) : AsyncEnumerable.Empty<Progress>();

    private static Reversal ReversalOf(StopProcessInputs inputs) =>
        inputs.Command.IsEmpty ? Reversal.Never : Reversal.Exact;

    private static IEnumerable<Touch> Touches(StopProcessInputs inputs)
    {
        yield return new Touch($"process:{inputs.Name}", TouchKind.Destroy) { Address = inputs.Ready?.Place };
        yield return new Touch($"file:{inputs.PidFile}", TouchKind.Modify);
        if (inputs.Log is { } log)
            yield return new Touch($"file:{log}", TouchKind.Modify);
    }

    private static IEnumerable<InputProblem> Problems(StopProcessInputs inputs)
    {
        if (inputs.Command.IsEmpty != inputs.Log is null)
            yield return new InputProblem("log", "command and log belong together: both start the service again");
        foreach (var problem in inputs.Ready is { } ready ? Readiness.Problems(ready) : [])
            yield return problem;
    }

    private static ServiceSettings Settings(StopProcessInputs inputs) =>
        new()
        {
            Name = inputs.Name,
            PidFile = inputs.PidFile,
            Command = inputs.Command,
            Log = inputs.Log,
            Folder = inputs.Folder,
            EnvironmentFile = inputs.EnvironmentFile,
            Environment = inputs.Environment,
            Ready = inputs.Ready,
            Grace = inputs.Grace,
            Kill = inputs.Kill,
        };
}

[JsonSerializable(typeof(StopProcessInputs))]
[JsonSerializable(typeof(ProcessState))]
internal sealed partial class StopProcessJson : JsonSerializerContext;
