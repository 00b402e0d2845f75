using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>What to migrate, how far, and how it is taken back.</summary>
public sealed record MigrateInputs
{
    /// <summary>The database.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>The folder with the numbered files: <c>042_name.sql</c>, and <c>042_name.down.sql</c> where there is an exact way back.</summary>
    [FileInput]
    public required string Directory { get; init; }

    /// <summary>The schema version afterwards: every file up to this number is applied.</summary>
    public required int To { get; init; }

    /// <summary>How the migration is taken back. Default: by restoring a backup.</summary>
    public WayBack WayBack { get; init; } = WayBack.Backup;

    /// <summary>The version that the database was installed with, where it has no table <c>belay_migrations</c> yet; the table is then made. Default: the table must be there.</summary>
    public int? Baseline { get; init; }

    /// <summary>How long a statement waits for a lock before the file is given up and tried again later; other sessions queue behind it that long. Default 2 seconds.</summary>
    public TimeSpan LockLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a statement may run. Default 10 minutes.</summary>
    public TimeSpan StatementLimit { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>How a migration is taken back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WayBack>))]
public enum WayBack
{
    /// <summary>By the <c>.down.sql</c> files; each file that is applied must have one. Exact.</summary>
    [JsonStringEnumMemberName("down-files")]
    DownFiles,

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
    /// <summary>The greatest applied version; null when the database has no table <c>belay_migrations</c>.</summary>
    public int? Version { get; init; }

    /// <summary>The applied versions, ascending.</summary>
    public required ImmutableArray<int> Applied { get; init; }

    /// <summary>The files that are still to be applied, in order.</summary>
    public required ImmutableArray<PendingMigration> Pending { get; init; }
}

/// <summary>A file that is to be applied.</summary>
public sealed record PendingMigration
{
    /// <summary>Its number.</summary>
    public required int Version { get; init; }

    /// <summary>Its name without the ending.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public required string Checksum { get; init; }

    /// <summary>SHA-256 of its way back; null when the step is not taken back by files.</summary>
    public string? Down { get; init; }
}

/// <summary>Brings a database to a schema version by numbered SQL files, each in a transaction of its own.</summary>
internal sealed class Migrate : IChange<MigrateState>
{
    private readonly MigrateInputs inputs;
    private readonly Server server;
    private readonly string folder;
    private readonly Migrator migrator;

    private Migrate(MigrateInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
        folder = scope.PathOf(inputs.Directory);
        migrator = new Migrator(server, inputs.LockLimit, inputs.StatementLimit);
    }

    /// <summary>The definition of <c>postgresql.migrate</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<MigrateInputs, MigrateState>(
            "postgresql.migrate",
            "Brings a database to a schema version by numbered SQL files",
            options => new MigrateContext(options),
            Reversal.Never,
            inputs => [new Touch($"postgresql:{inputs.Connection}", TouchKind.Modify) { Reaches = inputs.To }],
            (inputs, scope) => new Migrate(inputs, scope),
            inputs => ReversalOf(inputs.WayBack),
            Validate
        );

    /// <inheritdoc/>
    /// <remarks>A file that was begun and not committed left nothing, and one that the ledger has is not run again.</remarks>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<MigrateState> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenAsync(ct);
        await session.RequirePrimaryAsync(server.Place, ct);
        var files = MigrationFolder.Open(folder);
        var ledger = await MigrationLedger.LocateAsync(session, server.Place, ct);
        var applied = ledger is null ? Missing() : await MigrationLedger.ReadAsync(session, server.Place, ledger, ct);
        MigrationRules.CheckApplied(applied, files);
        var pending = MigrationRules.Pending(applied, files, inputs.To);
        return new MigrateState
        {
            Version = ledger is null ? null : applied.Select(a => a.Version).DefaultIfEmpty(0).Max(),
            Applied = ledger is null ? [] : [.. applied.Select(a => a.Version)],
            Pending = [.. pending.Select(version => Describe(files, version))],
        };
    }

    /// <inheritdoc/>
    public Difference Plan(MigrateState observed)
    {
        var ledger = observed.Version is null
            ? [new DifferenceLine($"table {MigrationLedger.Table}", null, $"version {inputs.Baseline}")]
            : ImmutableArray<DifferenceLine>.Empty;
        var files = observed.Pending.Select(file => new DifferenceLine($"migration {file.Name}", null, "applied"));
        return Difference.Of(ReversalOf(inputs.WayBack), [.. ledger, .. files]);
    }

    /// <inheritdoc/>
    public bool Same(MigrateState a, MigrateState b) => a.Version == b.Version && a.Applied.SequenceEqual(b.Applied);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        MigrateState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await ObserveAsync(ct);
        if (now.Version is null)
            await migrator.BaselineAsync(inputs.Baseline!.Value, ct);
        var files = MigrationFolder.Open(folder);
        for (var done = 0; done < now.Pending.Length; done++)
        {
            var file = files.Read(now.Pending[done].Version);
            yield return Progress.Count(done, now.Pending.Length, "files", file.File);
            await migrator.ApplyAsync(file, ct);
        }
        yield return Progress.Count(now.Pending.Length, now.Pending.Length, "files");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        MigrateState before,
        MigrateState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await ObserveAsync(ct);
        var files = MigrationFolder.Open(folder);
        var back = MigrationRules.WayBack(before, now, files);
        for (var done = 0; done < back.Length; done++)
        {
            yield return Progress.Count(done, back.Length, "files", back[done].File);
            await migrator.TakeBackAsync(back[done], ct);
        }
        if (before.Version is null && now.Version is not null)
            await migrator.RemoveBaselineAsync(ct);
        yield return Progress.Count(back.Length, back.Length, "files");
    }

    private ImmutableArray<AppliedMigration> Missing() =>
        inputs.Baseline is { } baseline
            ? [new AppliedMigration(baseline, "baseline", null)]
            : throw OperationException.Refused(
                $"{server.Place}: there is no table {MigrationLedger.Table}; say baseline: N when the database was installed at version N"
            );

    private PendingMigration Describe(MigrationFolder files, int version)
    {
        var file = files.Read(version);
        return new PendingMigration
        {
            Version = version,
            Name = file.Name,
            Checksum = file.Checksum,
            Down = inputs.WayBack == WayBack.DownFiles ? files.ReadDown(version).Checksum : null,
        };
    }

    private static Reversal ReversalOf(WayBack wayBack) =>
        wayBack switch
        {
            WayBack.DownFiles => Reversal.Exact,
            WayBack.Backup => Reversal.Restore,
            WayBack.None => Reversal.Never,
            _ => throw new ArgumentOutOfRangeException(nameof(wayBack)),
        };

    private static IEnumerable<InputProblem> Validate(MigrateInputs inputs)
    {
        if (inputs.To < 1)
            yield return new InputProblem("to", "a version is a number from 1");
        if (inputs.Baseline > inputs.To)
            yield return new InputProblem("baseline", $"lies beyond the version to reach ({inputs.To})");
        if (inputs.LockLimit < TimeSpan.FromMilliseconds(1) || inputs.LockLimit > TimeSpan.FromMinutes(1))
            yield return new InputProblem("lock-limit", "must be between 1ms and 1m: other sessions queue that long");
        if (inputs.StatementLimit < inputs.LockLimit || inputs.StatementLimit > TimeSpan.FromDays(7))
            yield return new InputProblem("statement-limit", "must be between lock-limit and 7d");
    }
}

[JsonSerializable(typeof(MigrateInputs))]
[JsonSerializable(typeof(MigrateState))]
internal sealed partial class MigrateContext : JsonSerializerContext;
