using System.Text.Json;
using Belay.Domain.Contract;

namespace ConnectorKit;

/// <summary>The world of one step in a test: real commands, real clock, connections from a dictionary.</summary>
public sealed class TestScope : IScope
{
    /// <summary>The run of every test.</summary>
    public const string Run = "run-of-the-kit";

    /// <summary>The step of every test.</summary>
    public const string Step = "step";

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
        Commands = processes.For(Run, Step, planFolder, Unobserved.Instance);
        this.connections = connections ?? new Dictionary<string, object>(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string RunId => Run;

    /// <inheritdoc/>
    public string StepId => Step;

    /// <inheritdoc/>
    public string Token => $"{Run}-{Step}";

    /// <inheritdoc/>
    public string Environment => "default";

    /// <inheritdoc/>
    public string WorkingFolder { get; }

    /// <inheritdoc/>
    public string PlanFolder { get; }

    /// <inheritdoc/>
    public TimeProvider Clock => TimeProvider.System;

    /// <inheritdoc/>
    public ICommandRunner Commands { get; }

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
