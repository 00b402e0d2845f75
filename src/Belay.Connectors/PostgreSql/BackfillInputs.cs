using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>What is filled, in which steps, and how gently.</summary>
public sealed record BackfillInputs
{
    /// <summary>The database.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>Its name in the table <c>belay_backfills</c>. A backfill of this name that has come to its end is not run again, not by a later run either; one that was left goes on.</summary>
    public required string Name { get; init; }

    /// <summary>The table whose keys are walked, maybe with its schema.</summary>
    public required string Table { get; init; }

    /// <summary>The column that is walked, from its least value to the greatest at the begin. It is NOT NULL, and an index begins with it.</summary>
    public required string Key { get; init; }

    /// <summary>The statement of a batch: <c>UPDATE orders SET cents = amount * 100 WHERE id BETWEEN $1 AND $2</c>. Both ends belong to the batch.</summary>
    public required string Statement { get; init; }

    /// <summary>A query for the number of rows that are still to be filled; the step is done only when it says 0. Default none: it is done at the last key.</summary>
    public string? Left { get; init; }

    /// <summary>How it is taken back. Default: by restoring a backup.</summary>
    public BackfillWayBack WayBack { get; init; } = BackfillWayBack.Backup;

    /// <summary>The statement that takes a batch back, of the same form, from the last batch to the first; with <c>way-back: statement</c>.</summary>
    public string? Undo { get; init; }

    /// <summary>The most rows of a batch. The first one has a tenth; batches grow and shrink by <see cref="BatchGoal"/>. Default 1000, at most 1000000.</summary>
    public int Batch { get; init; } = 1000;

    /// <summary>How long a batch should take: one that took longer makes the next one smaller. Its rows are locked that long. Default 200 milliseconds.</summary>
    public TimeSpan BatchGoal { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long to rest after each batch. Default 50 milliseconds.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How far the slowest standby or subscriber may be behind, in bytes of the write-ahead log; a batch waits until it is no further. Default: none is asked.</summary>
    public long? LagAtMost { get; init; }

    /// <summary>How long to wait for them before the step fails; resumed, it goes on from there. Default 10 minutes.</summary>
    public TimeSpan LagLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a statement waits for a lock before the batch is given up and tried again later. Default 2 seconds.</summary>
    public TimeSpan LockLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a statement may run, <see cref="Left"/> too; a batch that is ended by it is tried again with half of its rows. Default 30 seconds.</summary>
    public TimeSpan StatementLimit { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a backfill is taken back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackfillWayBack>))]
public enum BackfillWayBack
{
    /// <summary>By its statement <c>undo</c>, which must lead back to what was there before: exact where nobody else wrote what it removes.</summary>
    [JsonStringEnumMemberName("statement")]
    Statement,

    /// <summary>By restoring the backup that the step names.</summary>
    [JsonStringEnumMemberName("backup")]
    Backup,

    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>How far a backfill has come.</summary>
public sealed record BackfillState
{
    /// <summary>Whether the database has the table <c>belay_backfills</c>.</summary>
    public required bool Ledger { get; init; }

    /// <summary>Whether the backfill was begun.</summary>
    public required bool Begun { get; init; }

    /// <summary>The greatest key that is filled; null: none is.</summary>
    public string? DoneTo { get; init; }

    /// <summary>The last key to fill: the greatest there was at the begin; later rows are filled by those who write them.</summary>
    public string? Until { get; init; }

    /// <summary>How many rows were walked over.</summary>
    public required long Rows { get; init; }

    /// <summary>How many rows the statement wrote.</summary>
    public required long Written { get; init; }

    /// <summary>How many batches there were.</summary>
    public required long Batches { get; init; }

    /// <summary>Whether the last key is filled.</summary>
    public required bool Finished { get; init; }

    /// <summary>How many rows are left by the query; null when none was given.</summary>
    public long? Left { get; init; }
}
