using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which archive to restore, and into which database.</summary>
public sealed record RestoreInputs
{
    /// <summary>The server.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>The archive, as <c>pg_dump</c> writes it in custom or directory format. When <c>postgresql.backup</c> made it, its description beside it says what must come out.</summary>
    public required string From { get; init; }

    /// <summary>The database to restore into. Default: the connection's.</summary>
    public string? Into { get; init; }

    /// <summary>Whether a database of that name is replaced; all that was written to it since the archive was made is lost to its users, and it is kept aside. Default: a database that is there is refused.</summary>
    public bool Replace { get; init; }
}

/// <summary>What there is of the restored database.</summary>
public sealed record RestoreState
{
    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>Whether there is a database of that name.</summary>
    public required bool Exists { get; init; }

    /// <summary>Whether this step of this run restored it.</summary>
    public required bool Restored { get; init; }

    /// <summary>An attempt that did not end left its half-made database.</summary>
    public required bool Leftover { get; init; }

    /// <summary>The moment (UTC) that the archive holds; null when its description is missing: then nothing can be compared.</summary>
    public DateTimeOffset? TakenAt { get; init; }

    /// <summary>Where the replaced database is kept; null when none was.</summary>
    public string? Replaced { get; init; }
}

/// <summary>Restores an archive into a database.</summary>
internal sealed class Restore : IChange<RestoreState>
{
    private readonly RestoreInputs inputs;
    private readonly Server server;
    private readonly Databases databases;
    private readonly Replacement replacement;
    private readonly Archive archive;
    private readonly string database;

    private Restore(RestoreInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
        databases = new Databases(server);
        database = inputs.Into ?? server.Database;
        replacement = new Replacement(server, scope, database);
        archive = new Archive(scope.PathOf(inputs.From), scope.Token);
    }

    /// <summary>The definition of <c>postgresql.restore</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<RestoreInputs, RestoreState>(
            "postgresql.restore",
            "Restores an archive into a database",
            options => new RestoreContext(options),
            Reversal.Restore,
            inputs =>
                [
                    new Touch(
                        inputs.Into is { } name
                            ? $"postgresql:{inputs.Connection}/{name}"
                            : $"postgresql:{inputs.Connection}",
                        inputs.Replace ? TouchKind.Modify : TouchKind.Create
                    )
                    {
                        Uses = [$"file:{inputs.From}"],
                    },
                ],
            (inputs, scope) => new Restore(inputs, scope),
            inputs => ReversalOf(inputs)
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<RestoreState> ObserveAsync(CancellationToken ct)
    {
        if (!archive.Exists)
            throw OperationException.Refused($"there is no archive {archive.Location}");
        var exists = await databases.ExistsAsync(database, ct);
        var restored = exists && await replacement.IsDoneAsync(ct);
        if (exists && !restored && !inputs.Replace)
            throw OperationException.Refused(
                $"{server.Place}: the database {database} is there already; say replace: true to put the archive in its place, or name another database"
            );
        return new RestoreState
        {
            Database = database,
            Exists = exists,
            Restored = restored,
            Leftover = await replacement.HasLeftoverAsync(ct),
            TakenAt = archive.ReadSide()?.TakenAt,
            Replaced = await databases.ExistsAsync(replacement.Replaced, ct) ? replacement.Replaced : null,
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
                    observed.Exists ? $"its content; all written since {Moment(observed)} is lost to its users" : null,
                    $"{inputs.From} of {Moment(observed)}"
                )
            );

    /// <inheritdoc/>
    public bool Same(RestoreState a, RestoreState b) =>
        a.Exists == b.Exists && a.Restored == b.Restored && a.Leftover == b.Leftover;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        RestoreState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var manifest = archive.ReadSide();
        if (manifest is not null && (await Archive.MeasureAsync(archive.Location, ct)).Sha256 != manifest.Sha256)
            throw OperationException.Refused($"{archive.Location} is not the archive that {archive.Side} describes");
        await foreach (var progress in replacement.RunAsync(archive.Location, manifest?.Contents, ct))
            yield return progress;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        RestoreState before,
        RestoreState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"dropping {database}");
        await replacement.ClearAsync(ct);
        if (await replacement.IsDoneAsync(ct))
            await databases.DropAsync(database, ct);
    }

    private static string Moment(RestoreState observed) => observed.TakenAt is { } at ? $"{at:u}" : "an unknown time";

    private static Reversal ReversalOf(RestoreInputs inputs) => inputs.Replace ? Reversal.Restore : Reversal.Exact;
}

[JsonSerializable(typeof(RestoreInputs))]
[JsonSerializable(typeof(RestoreState))]
internal sealed partial class RestoreContext : JsonSerializerContext;
