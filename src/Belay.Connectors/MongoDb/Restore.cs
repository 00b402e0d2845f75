using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.MongoDb;

/// <summary>Which archive to restore, and into which database.</summary>
public sealed record RestoreInputs
{
    /// <summary>The server.</summary>
    [Connection("mongodb")]
    public required string Connection { get; init; }

    /// <summary>The archive that <c>mongodb.backup</c> made, in this run or another one; its description lies beside it as <c>PATH.belay.json</c>.</summary>
    public required string From { get; init; }

    /// <summary>The database to restore into. Default: the connection's.</summary>
    public string? Into { get; init; }

    /// <summary>The name of the database whose content is lost: the one to restore into. Default: a database with anything in it is refused.</summary>
    public string? Replace { get; init; }
}

/// <summary>What there is of the restored database.</summary>
public sealed record RestoreState
{
    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>Whether anything is in it.</summary>
    public required bool Exists { get; init; }

    /// <summary>Whether this step of this run restored it.</summary>
    public required bool Restored { get; init; }

    /// <summary>This step began to restore it, and did not come to its end.</summary>
    public required bool HalfDone { get; init; }

    /// <summary>The moment (UTC) that the archive holds.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What is lost by restoring it, in words; null: nothing is replaced, or it is restored already.</summary>
    public string? Loss { get; init; }
}

/// <summary>Restores an archive into a database.</summary>
internal sealed class Restore : IChange<RestoreState>
{
    private readonly RestoreInputs inputs;
    private readonly Server server;
    private readonly Databases databases;
    private readonly ArchiveRestore restore;
    private readonly WritesSince writes;
    private readonly RestoreMark mark;
    private readonly Archive archive;
    private readonly string database;

    private Restore(RestoreInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<MongoDbSettings>(inputs.Connection), inputs.Connection, scope.Clock);
        databases = new Databases(server, scope.Clock);
        restore = new ArchiveRestore(server, scope);
        database = inputs.Into ?? server.Database;
        writes = new WritesSince(server, scope, database);
        mark = new RestoreMark(scope);
        archive = new Archive(scope.PathOf(inputs.From), scope.Token);
    }

    /// <summary>The definition of <c>mongodb.restore</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<RestoreInputs, RestoreState>(
            "mongodb.restore",
            "Restores an archive into a database, and drops what the archive does not have",
            options => new MongoRestoreJson(options),
            Reversal.Restore,
            inputs =>
                [
                    new Touch(
                        inputs.Into is { } name
                            ? $"mongodb:{inputs.Connection}/{name}"
                            : $"mongodb:{inputs.Connection}",
                        inputs.Replace is null ? TouchKind.Create : TouchKind.Modify
                    )
                    {
                        Uses = [$"file:{inputs.From}"],
                    },
                ],
            (inputs, scope) => new Restore(inputs, scope),
            inputs => ReversalOf(inputs),
            Validate
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<RestoreState> ObserveAsync(CancellationToken ct)
    {
        RequireNames();
        var manifest = Manifest();
        var exists = await databases.ExistsAsync(database, ct);
        var stage = mark.Read();
        if (exists && stage == RestoreStage.None && inputs.Replace is null)
            throw OperationException.Refused(
                $"{server.Place}: the database {database} is there already; say replace: {database} to put the archive's content in the place of its own, or name another database"
            );
        return new RestoreState
        {
            Database = database,
            Exists = exists,
            Restored = exists && stage == RestoreStage.Done,
            HalfDone = stage == RestoreStage.Begun,
            TakenAt = manifest.TakenAt,
            Loss =
                exists && inputs.Replace is not null && stage != RestoreStage.Done
                    ? (await writes.CountAsync(manifest, ct)).Words
                    : null,
        };
    }

    /// <inheritdoc/>
    public Difference Plan(RestoreState observed) =>
        observed.Restored
            ? Difference.None
            : Difference.Of(
                ReversalOf(inputs),
                new DifferenceLine(
                    $"database {database}",
                    observed.Loss is { } loss ? $"its content; lost are {loss}" : null,
                    $"{inputs.From} of {observed.TakenAt:u}"
                )
                {
                    Moves = true,
                }
            );

    /// <inheritdoc/>
    public bool Same(RestoreState a, RestoreState b) =>
        a.Exists == b.Exists && a.Restored == b.Restored && a.HalfDone == b.HalfDone;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        RestoreState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if ((await ObserveAsync(ct)).Restored)
            yield break;
        var manifest = Manifest();
        await archive.RequireAsync(manifest.Sha256, ct);
        await writes.BeginAsync(manifest, ct);
        mark.Write(RestoreStage.Begun);
        await foreach (
            var progress in restore.RunAsync(archive.Location, manifest.Database, manifest.Contents, database, ct)
        )
            yield return progress;
        yield return Progress.Say($"comparing {database}");
        var differences = await restore.CompareAsync(manifest.Contents, database, ct);
        if (!differences.IsEmpty)
            throw OperationException.Refused(
                $"{server.Place}: {database} was restored and differs from what was saved; most likely somebody writes to it: {string.Join("; ", differences)}"
            );
        await writes.EndAsync(ct);
        mark.Write(RestoreStage.Done);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        RestoreState before,
        RestoreState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"dropping {database}");
        // Only what this step made: without a mark it never began.
        if (mark.Read() != RestoreStage.None)
            await databases.DropAsync(database, ct);
        mark.Remove();
    }

    private ArchiveManifest Manifest() =>
        archive.ReadSide()
        ?? throw OperationException.Refused(
            $"{archive.Side} is missing: without the description nobody knows what {archive.Location} holds"
        );

    private void RequireNames()
    {
        if (Server.ProblemOf(database) is { } problem)
            throw OperationException.Refused($"{server.Place}: the database {database} {problem}");
        if (inputs.Replace is { } named && named != database)
            throw OperationException.Refused(
                $"{server.Place}: replace names the database {named}, and the archive would go into {database}"
            );
    }

    private static Reversal ReversalOf(RestoreInputs inputs) =>
        inputs.Replace is null ? Reversal.Exact : Reversal.Restore;

    private static IEnumerable<InputProblem> Validate(RestoreInputs inputs)
    {
        if (inputs.Into is { } into && Server.ProblemOf(into) is { } problem)
            yield return new InputProblem("into", problem);
        if (inputs.Into is { } database && inputs.Replace is { } replaced && replaced != database)
            yield return new InputProblem("replace", $"names another database than into: {database}");
    }
}

[JsonSerializable(typeof(RestoreInputs))]
[JsonSerializable(typeof(RestoreState))]
internal sealed partial class MongoRestoreJson : JsonSerializerContext;
