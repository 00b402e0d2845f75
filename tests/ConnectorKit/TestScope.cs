using System.Text.Json;
using Belay.Domain.Contract;

namespace ConnectorKit;

/// <summary>The world of one step in a test: real commands, real clock, connections from a dictionary.</summary>
public sealed class TestScope : IScope
{
    private readonly IChildProcesses processes;
    private readonly IReadOnlyDictionary<string, object> connections;

    /// <summary>A scope over a plan's folder and a run's folder, both absolute.</summary>
    public TestScope(
        string planFolder,
        string workingFolder,
        IChildProcesses processes,
        IReadOnlyDictionary<string, object>? connections = null
    )
    {
        PlanFolder = planFolder;
        WorkingFolder = workingFolder;
        this.processes = processes;
        this.connections = connections ?? new Dictionary<string, object>(StringComparer.Ordinal);
    }

    /// <summary>The run; by default one of this scope alone, so that tests that run at the same time end no children of each other.</summary>
    public string RunId { get; init; } = $"run-{Guid.NewGuid():N}";

    /// <inheritdoc/>
    public string StepId => "step";

    /// <inheritdoc/>
    public string Token => $"{RunId}-{StepId}";

    /// <inheritdoc/>
    public string Environment => "default";

    /// <inheritdoc/>
    public string WorkingFolder { get; }

    /// <inheritdoc/>
    public string PlanFolder { get; }

    /// <inheritdoc/>
    public TimeProvider Clock => TimeProvider.System;

    /// <inheritdoc/>
    public ICommandRunner Commands => processes.For(RunId, StepId, PlanFolder, Unobserved.Instance);

    /// <inheritdoc/>
    public JsonElement? Checkpoint { get; init; }

    /// <inheritdoc/>
    public T Connection<T>(string name)
        where T : class =>
        connections.GetValueOrDefault(name) as T
        ?? throw OperationException.Refused(
            $"there is no connection {name} of this kind: the test has {string.Join(", ", connections.Keys)}"
        );

    private sealed class Unobserved : IChildObserver
    {
        public static Unobserved Instance { get; } = new();

        public ValueTask StartedAsync(ProcessIdentity child, string command) => ValueTask.CompletedTask;

        public ValueTask EndedAsync(ProcessIdentity child, int exitCode) => ValueTask.CompletedTask;
    }
}
