using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>The inputs of <c>redis.backup</c>.</summary>
public sealed record BackupInputs
{
    /// <summary>The server that is saved.</summary>
    [Connection("redis")]
    public required string Connection { get; init; }

    /// <summary>The file that comes into being (mode 0600), and beside it a manifest of the same name with <c>.json</c>; a relative path begins at the plan's folder. A file of another run is not overwritten.</summary>
    public required string To { get; init; }

    /// <summary>An empty server into which the backup is restored to prove it; it is empty again afterwards.</summary>
    [Connection("redis")]
    public required string Scratch { get; init; }

    /// <summary>The longest freeze of writes for the last changed keys; the server ends it by itself then. Default 2 seconds, at least 200 milliseconds.</summary>
    public TimeSpan? AtMost { get; init; }
}

/// <summary>What <c>redis.backup</c> sees.</summary>
public sealed record BackupState : ICompared
{
    /// <inheritdoc/>
    /// <remarks>What is restored and differs is refused, so a backup holds as many keys as were saved.</remarks>
    public StoreComparison? Comparison =>
        Backup is { } proven
            ? new StoreComparison
            {
                From = "saved",
                To = "restored",
                Parts = [ComparedPart.Alike("all databases", "keys", proven.Keys)],
            }
            : null;

    /// <summary>The file (absolute path).</summary>
    public required string File { get; init; }

    /// <summary>What was saved by this step; null when it was not yet.</summary>
    public BackupManifest? Backup { get; init; }
}

/// <summary>What a backup holds, and that it was proven.</summary>
public sealed record BackupManifest
{
    /// <summary>The token of the step that made it.</summary>
    public required string Token { get; init; }

    /// <summary>SHA-256 of the file, in hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The keys in it.</summary>
    public required long Keys { get; init; }

    /// <summary>The moment (UTC) that it holds.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>How long writes were frozen, in milliseconds.</summary>
    public required long FreezeMs { get; init; }

    /// <summary>The id of the server's process (run_id); after a restart the writes since cannot be counted.</summary>
    public required string ServerRunId { get; init; }

    /// <summary>The writing commands that the server had run by then.</summary>
    public required long Writes { get; init; }
}

[JsonSerializable(typeof(BackupInputs))]
[JsonSerializable(typeof(BackupState))]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
