using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Planning.Tests;

/// <summary>A small catalog with one operation of every shape that plan files meet. None of them can be run.</summary>
internal static class FakeCatalog
{
    public static Catalog Make() =>
        new([
            new Connector
            {
                Name = "store",
                Summary = "A store that does not exist",
                Connection = ConnectionDefinition.Of<StoreSettings>(o => new FakeContext(o)),
                Operations =
                [
                    Define.Backup<BackupInputs, BackupState>(
                        "store.backup",
                        "Saves the store",
                        o => new FakeContext(o),
                        inputs => [new Touch($"store:{inputs.Connection}", TouchKind.BackUp)],
                        (_, _) => throw new NotSupportedException()
                    ),
                    Define.Change<MigrateInputs, BackupState>(
                        "store.migrate",
                        "Changes the shape of the store",
                        o => new FakeContext(o),
                        Reversal.Exact,
                        inputs => [new Touch($"store:{inputs.Connection}", TouchKind.Modify)],
                        (_, _) => throw new NotSupportedException(),
                        validate: inputs => inputs.To < 1 ? [new InputProblem("to", "a version is at least 1")] : []
                    ),
                    Define.Change<FreezeInputs, BackupState>(
                        "store.freeze",
                        "Stops writes",
                        o => new FakeContext(o),
                        Reversal.Exact,
                        inputs => [new Touch($"store:{inputs.Connection}", TouchKind.Freeze)],
                        (_, _) => throw new NotSupportedException()
                    ),
                    Define.Change<FreezeInputs, BackupState>(
                        "store.drop",
                        "Removes the store",
                        o => new FakeContext(o),
                        Reversal.Never,
                        inputs => [new Touch($"store:{inputs.Connection}", TouchKind.Destroy)],
                        (_, _) => throw new NotSupportedException()
                    ),
                    Define.Check<FreezeInputs, VersionState>(
                        "store.version",
                        "Reads the version",
                        o => new FakeContext(o),
                        _ => [],
                        (_, _) => throw new NotSupportedException()
                    ),
                ],
            },
            new Connector
            {
                Name = "web",
                Summary = "A web server that does not exist",
                Connection = ConnectionDefinition.Of<WebSettings>(o => new FakeContext(o)),
                Operations =
                [
                    Define.Change<TakeInputs, BackupState>(
                        "web.attach",
                        "Lets a server take part",
                        o => new FakeContext(o),
                        Reversal.Exact,
                        inputs => [new Touch($"web:{inputs.Server}", TouchKind.RouteTo)],
                        (_, _) => throw new NotSupportedException()
                    ),
                ],
            },
            new Connector
            {
                Name = "http",
                Summary = "Pages that do not exist",
                Operations =
                [
                    Define.Check<GetInputs, VersionState>(
                        "http.get",
                        "Reads a page",
                        o => new FakeContext(o),
                        _ => [],
                        (_, _) => throw new NotSupportedException()
                    ),
                ],
            },
        ]);
}

/// <summary>How to reach a store.</summary>
internal sealed record StoreSettings
{
    /// <summary>Its host.</summary>
    public required string Host { get; init; }

    /// <summary>Its port. Default 7000.</summary>
    public int Port { get; init; } = 7000;

    public Secret? Password { get; init; }
}

internal sealed record WebSettings
{
    public required ImmutableArray<string> Sockets { get; init; }
}

internal sealed record BackupInputs
{
    /// <summary>The store that is saved.</summary>
    [Connection("store")]
    public required string Connection { get; init; }

    /// <summary>Where the archive is written.</summary>
    public required string To { get; init; }

    /// <summary>How the archive is proven. Default <c>restore</c>.</summary>
    public Proof Prove { get; init; } = Proof.Restore;

    public ImmutableDictionary<string, int>? Limits { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<Proof>))]
internal enum Proof
{
    [JsonStringEnumMemberName("restore")]
    Restore,

    [JsonStringEnumMemberName("checksum")]
    Checksum,
}

internal sealed record MigrateInputs
{
    [Connection("store")]
    public required string Connection { get; init; }

    [FileInput]
    public required string Directory { get; init; }

    public required int To { get; init; }

    public TimeSpan? LockLimit { get; init; }

    public bool Quick { get; init; }
}

internal sealed record FreezeInputs
{
    [Connection("store")]
    public required string Connection { get; init; }
}

internal sealed record TakeInputs
{
    [Connection("web")]
    public required string Connection { get; init; }

    public required string Server { get; init; }

    public double Weight { get; init; } = 1.0;

    public Secret? Token { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    public HealthInputs? Health { get; init; }
}

internal sealed record HealthInputs
{
    public required string Path { get; init; }

    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(30);
}

internal sealed record GetInputs
{
    public required string Url { get; init; }

    public ExpectInputs? Expect { get; init; }
}

internal sealed record ExpectInputs
{
    public int Status { get; init; } = 200;

    public ImmutableDictionary<string, JsonElement>? Json { get; init; }
}

internal sealed record BackupState
{
    public required string Path { get; init; }

    public required long Bytes { get; init; }

    public Secret? Key { get; init; }

    public ImmutableArray<string> Members { get; init; } = [];
}

internal sealed record VersionState
{
    public required int Version { get; init; }
}

[JsonSerializable(typeof(StoreSettings))]
[JsonSerializable(typeof(WebSettings))]
[JsonSerializable(typeof(BackupInputs))]
[JsonSerializable(typeof(MigrateInputs))]
[JsonSerializable(typeof(FreezeInputs))]
[JsonSerializable(typeof(TakeInputs))]
[JsonSerializable(typeof(GetInputs))]
[JsonSerializable(typeof(BackupState))]
[JsonSerializable(typeof(VersionState))]
internal sealed partial class FakeContext : JsonSerializerContext;
