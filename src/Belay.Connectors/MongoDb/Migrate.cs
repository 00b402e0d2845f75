using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.MongoDb;

/// <summary>What brings the database from which schema to which, and how it is taken back.</summary>
public sealed record MigrateInputs
{
    /// <summary>The database.</summary>
    [Connection("mongodb")]
    public required string Connection { get; init; }

    /// <summary>Where the database says which version its schema has: <c>{ collection: meta, filter: { _id: schema }, path: schema_version }</c>. The runner writes it, as its last act of each migration.</summary>
    public required DocumentPlace Version { get; init; }

    /// <summary>The version before; a database below it is refused.</summary>
    public required int From { get; init; }

    /// <summary>The version afterwards.</summary>
    public required int To { get; init; }

    /// <summary>The release's own runner and its arguments, each passed as it is; no shell reads them. Never holds a secret: process lists show it.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Files and folders that the runner works from. Their content counts into the hash that an approval covers.</summary>
    [FileInput]
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>Environment variables added to Belay's own; the place for secrets. Values of 4 characters and more are removed from captured output.</summary>
    public ImmutableDictionary<string, Secret> Environment { get; init; } = ImmutableDictionary<string, Secret>.Empty;

    /// <summary>The folder to run in. Default: the plan's.</summary>
    public string? Folder { get; init; }

    /// <summary>How long the runner may work. Default 1 hour.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the runner may be started again after a crash cut it short: it goes on where it was. Default false: a person must then say.</summary>
    public bool Repeatable { get; init; }

    /// <summary>How the migration is taken back. Default: by restoring a backup.</summary>
    public WayBack WayBack { get; init; } = WayBack.Backup;
}

/// <summary>How a migration is taken back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WayBack>))]
public enum WayBack
{
    /// <summary>By restoring the backup that the step names.</summary>
    [JsonStringEnumMemberName("backup")]
    Backup,

    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>How far a database is migrated.</summary>
public sealed record MigrateState
{
    /// <summary>The version of its schema.</summary>
    public required int Version { get; init; }
}

/// <summary>Brings a database to a schema version by the release's own runner.</summary>
internal sealed class Migrate : IChange<MigrateState>
{
    // Shorter values are ordinary words or numbers; removing them would tear the output apart.
    private const int LeastRedacted = 4;
    private const int LinesOfError = 3;
    private readonly MigrateInputs inputs;
    private readonly IScope scope;
    private readonly Server server;

    private Migrate(MigrateInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        this.scope = scope;
        server = new Server(scope.Connection<MongoDbSettings>(inputs.Connection), inputs.Connection, scope.Clock);
    }

    /// <summary>The definition of <c>mongodb.migrate</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<MigrateInputs, MigrateState>(
            "mongodb.migrate",
            "Brings a database to a schema version by the release's own runner, and verifies the version",
            options => new MongoMigrateJson(options),
            Reversal.Never,
            inputs => [new Touch($"mongodb:{inputs.Connection}", TouchKind.Modify) { Reaches = inputs.To }],
            (inputs, scope) => new Migrate(inputs, scope),
            inputs => ReversalOf(inputs.WayBack),
            Validate,
            RepeatOf
        );

    /// <inheritdoc/>
    public Repeat Repeat => RepeatOf(inputs);

    /// <inheritdoc/>
    public async ValueTask<MigrateState> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenAsync(ct);
        var found = await inputs.Version.ReadAsync(session, server.Database, ct);
        var version = found.Version(inputs.Version, server.Place);
        return version >= inputs.From && version <= inputs.To
            ? new MigrateState { Version = version }
            : throw OperationException.Refused(
                $"{server.Place}: {inputs.Version.Words} is {version}, and this step leads from {inputs.From} to {inputs.To}"
            );
    }

    /// <inheritdoc/>
    public Difference Plan(MigrateState observed) =>
        observed.Version == inputs.To
            ? Difference.None
            : Difference.Of(
                ReversalOf(inputs.WayBack),
                new DifferenceLine(
                    $"schema of {server.Database}",
                    $"version {observed.Version}",
                    $"version {inputs.To}"
                )
            );

    /// <inheritdoc/>
    public bool Same(MigrateState a, MigrateState b) => a.Version == b.Version;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        MigrateState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (Plan(await ObserveAsync(ct)).IsEmpty)
            yield break;
        // The next line of output replaces one that nobody took yet: the runner never waits for its readers.
        var lines = Channel.CreateBounded<string>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var running = RunAsync(lines.Writer, ct);
        await foreach (var line in lines.Reader.ReadAllAsync(CancellationToken.None))
            yield return Progress.Say(line);
        var result = await running;
        if (result.ExitCode != 0)
            throw OperationException.Refused($"{inputs.Command[0]} ended with {result.ExitCode}: {LastLines(result)}");
        if ((await ObserveAsync(ct)).Version is var version && version != inputs.To)
            throw OperationException.Refused(
                $"{server.Place}: {inputs.Command[0]} ended well, and {inputs.Version.Words} is {version}, not {inputs.To}"
            );
    }

    /// <inheritdoc/>
    /// <remarks>Never called: the way back is a restore, or there is none.</remarks>
    public IAsyncEnumerable<Progress> UndoAsync(MigrateState before, MigrateState? after, CancellationToken ct) =>
        throw OperationException.Refused($"{server.Place}: a migration is taken back by restoring a backup");

    private Command Runner =>
        new()
        {
            Program = inputs.Command[0],
            Arguments = inputs.Command[1..],
            Folder = Path.GetFullPath(inputs.Folder ?? ".", scope.PlanFolder),
            Environment = inputs.Environment.ToImmutableDictionary(v => v.Key, v => v.Value.Reveal()),
            Redact = [.. inputs.Environment.Values.Select(v => v.Reveal()).Where(v => v.Length >= LeastRedacted)],
            Limit = inputs.Limit,
        };

    private async Task<CommandResult> RunAsync(ChannelWriter<string> lines, CancellationToken ct)
    {
        try
        {
            return await scope.Commands.RunAsync(Runner, line => lines.TryWrite(line.Text), ct);
        }
        finally
        {
            lines.Complete();
        }
    }

    private static string LastLines(CommandResult result)
    {
        var said = string.IsNullOrWhiteSpace(result.Error) ? result.Output : result.Error;
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it said nothing" : string.Join("; ", lines.TakeLast(LinesOfError));
    }

    private static Repeat RepeatOf(MigrateInputs inputs) => inputs.Repeatable ? Repeat.Safe : Repeat.Never;

    private static Reversal ReversalOf(WayBack wayBack) =>
        wayBack switch
        {
            WayBack.Backup => Reversal.Restore,
            WayBack.None => Reversal.Never,
            _ => throw new ArgumentOutOfRangeException(nameof(wayBack)),
        };

    private static IEnumerable<InputProblem> Validate(MigrateInputs inputs)
    {
        foreach (var problem in inputs.Version.Problems("version"))
            yield return problem;
        if (inputs.Command.IsDefaultOrEmpty)
            yield return new InputProblem("command", "is empty: name the runner");
        if (inputs.From >= inputs.To)
            yield return new InputProblem("from", $"must be below the version to reach ({inputs.To})");
        if (inputs.Limit <= TimeSpan.Zero)
            yield return new InputProblem("limit", "must be longer than 0");
    }
}

[JsonSerializable(typeof(MigrateInputs))]
[JsonSerializable(typeof(MigrateState))]
internal sealed partial class MongoMigrateJson : JsonSerializerContext;
