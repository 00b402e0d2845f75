using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace ConnectorKit;

/// <summary>A real system, started for one test, and an operation on it. The author of a connector writes one for each operation.</summary>
public abstract class OperationFixture : IAsyncDisposable
{
    /// <summary>The temporary folder of the test; it holds the plan's folder <c>plan</c> and the run's folder <c>run</c>.</summary>
    public TestFolder Folder { get; } = new();

    /// <summary>The run of this test.</summary>
    public string RunId { get; } = $"run-{Guid.NewGuid():N}";

    /// <summary>The folder against which paths in the inputs are resolved.</summary>
    public string PlanFolder => Folder.Folder("plan");

    /// <summary>The program's parts; the same for all fixtures of a test project.</summary>
    public abstract KitProgram Program { get; }

    /// <summary>The inputs of the step, as the plan file would give them.</summary>
    public abstract JsonElement Inputs { get; }

    /// <summary>Connections by name, as the connector's settings type.</summary>
    public virtual IReadOnlyDictionary<string, object> Connections { get; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>Values that must stand in no state but inside <c>{"$secret": ...}</c>.</summary>
    public virtual ImmutableArray<string> Secrets => [];

    /// <summary>
    /// Reads ALL of the live system that the operation could reach, not through the operation: resource (in the form
    /// of <see cref="Touch.Resource"/>) to a value that changes whenever the resource does.
    /// </summary>
    public abstract ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct);

    /// <summary>A scope for a new instance of the operation: the same run and the same step every time, as after a crash.</summary>
    public TestScope NewScope(JsonElement? checkpoint = null) =>
        new(PlanFolder, Folder.Folder("run"), Program.Processes, Connections)
        {
            RunId = RunId,
            Checkpoint = checkpoint,
        };

    /// <summary>JSON inputs from text.</summary>
    protected static JsonElement Json(string text) => JsonElement.Parse(text);

    /// <summary>Ends what the fixture started, by its own ids.</summary>
    public virtual ValueTask DisposeAsync()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The operation's definition.</summary>
    internal abstract OperationDefinition AnyDefinition { get; }
}

/// <summary>A fixture of a change.</summary>
public abstract class ChangeFixture : OperationFixture
{
    /// <summary>The change under test.</summary>
    public abstract ChangeDefinition Definition { get; }

    /// <summary>How often the effect happened, as a log says that the target keeps itself; null where doing it twice cannot be told from doing it once (a file with given content).</summary>
    public virtual ValueTask<int?> CountEffectsAsync(CancellationToken ct) => ValueTask.FromResult<int?>(null);

    /// <summary>Alters what the change saved, as users would after it. Only backups need it.</summary>
    public virtual ValueTask WriteAfterBackupAsync(CancellationToken ct) =>
        throw new NotSupportedException("the fixture of a backup says how to write after it");

    internal override OperationDefinition AnyDefinition => Definition;
}

/// <summary>A fixture of a check. The system that it starts fulfils the check.</summary>
public abstract class CheckFixture : OperationFixture
{
    /// <summary>The check under test.</summary>
    public abstract CheckDefinition Definition { get; }

    /// <summary>Alters the system so that the check must not hold.</summary>
    public abstract ValueTask BreakAsync(CancellationToken ct);

    /// <summary>Takes the system away, so that nothing can be read from it.</summary>
    public abstract ValueTask TakeAwayAsync(CancellationToken ct);

    internal override OperationDefinition AnyDefinition => Definition;
}
