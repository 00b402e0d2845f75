using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Process;

/// <summary>Inputs of <c>process.start</c>.</summary>
public sealed record StartProcessInputs
{
    /// <summary>The service's name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The program and its arguments, each passed as it is. Never holds a secret: process lists show it.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>The file that holds the process id and nothing else. The service must not remove it.</summary>
    public required string PidFile { get; init; }

    /// <summary>The file to which both outputs are appended. Its folder is made when it is missing.</summary>
    public required string Log { get; init; }

    /// <summary>The folder to run in. Default: the plan's.</summary>
    public string? Folder { get; init; }

    /// <summary>A file of environment variables, <c>NAME=value</c> a line.</summary>
    public string? EnvironmentFile { get; init; }

    /// <summary>Environment variables, stronger than those of the file; may hold secrets.</summary>
    public ImmutableDictionary<string, Secret> Environment { get; init; } = ImmutableDictionary<string, Secret>.Empty;

    /// <summary>How it shows that it is ready. Default: it is ready when it runs.</summary>
    public Readiness? Ready { get; init; }

    /// <summary>How long it has to end after SIGTERM, when the step is taken back. Default 30 seconds.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether it may be ended by SIGKILL when the grace has passed. Default false.</summary>
    public bool Kill { get; init; }
}

/// <summary><c>process.start</c>: starts a service of this machine and waits until it is ready.</summary>
internal sealed class StartProcess(StartProcessInputs inputs, IScope scope) : IChange<ProcessState>
{
    private readonly Service service = new(Settings(inputs), scope);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<StartProcessInputs, ProcessState>(
            "process.start",
            "Starts a service of this machine and waits until it is ready",
            options => new StartProcessJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch($"process:{inputs.Name}", TouchKind.Create) { Address = inputs.Ready?.Place },
                    new Touch($"file:{inputs.PidFile}", TouchKind.Create),
                    new Touch($"file:{inputs.Log}", TouchKind.Modify),
                ],
            (inputs, scope) => new StartProcess(inputs, scope),
            validate: Problems
        );

    public Repeat Repeat => Repeat.Safe;

    public ValueTask<ProcessState> ObserveAsync(CancellationToken ct) => service.ObserveAsync(ct);

    public Difference Plan(ProcessState observed) =>
        observed switch
        {
            { Ready: true } => Difference.None,
            _ => Difference.Of(
                Reversal.Exact,
                new DifferenceLine($"process {inputs.Name}", observed.Running ? "not ready" : null, "ready")
            ),
        };

    public bool Same(ProcessState a, ProcessState b) => a.Running == b.Running && a.Ready == b.Ready;

    public IAsyncEnumerable<Progress> ApplyAsync(ProcessState before, CancellationToken ct) => service.StartAsync(ct);

    public IAsyncEnumerable<Progress> UndoAsync(ProcessState before, ProcessState? after, CancellationToken ct) =>
        before.Running ? AsyncEnumerable.Empty<Progress>() : service.StopAsync(ct);

    private static IEnumerable<InputProblem> Problems(StartProcessInputs inputs)
    {
        if (inputs.Command.IsEmpty)
            yield return new InputProblem("command", "is empty: name a program");
        foreach (var problem in inputs.Ready is { } ready ? Readiness.Problems(ready) : [])
            yield return problem;
    }

    private static ServiceSettings Settings(StartProcessInputs inputs) =>
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

[JsonSerializable(typeof(StartProcessInputs))]
[JsonSerializable(typeof(ProcessState))]
internal sealed partial class StartProcessJson : JsonSerializerContext;
