using System.Text.Json.Serialization;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>Checks which server answers, and its version.</summary>
public sealed class Version(VersionInputs inputs, IScope scope) : ICheck<VersionState>
{
    /// <summary>The operation's definition.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<VersionInputs, VersionState>(
            "redis.version",
            "Check that a server is of an expected kind and version",
            options => new VersionJson(options),
            inputs => [new Touch($"redis:{inputs.Connection}", TouchKind.Read)],
            (inputs, scope) => new Version(inputs, scope)
        );

    /// <inheritdoc/>
    public async ValueTask<VersionState> ObserveAsync(CancellationToken ct)
    {
        await using var client = await RedisClient.OpenAsync(
            scope.Connection<RedisSettings>(inputs.Connection),
            scope.Clock,
            ct
        );
        var info = await ServerInfo.ReadAsync(client, ct, "server");
        // Valkey also states a redis_version: that of the Redis whose clients it serves.
        var isValkey = info["valkey_version"].Length > 0;
        return new VersionState
        {
            Server = isValkey ? "valkey" : "redis",
            Version = isValkey ? info["valkey_version"] : info["redis_version"],
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(VersionState observed) =>
        observed.Server == inputs.Server
        && $"{observed.Version}.".StartsWith($"{inputs.Expect}.", StringComparison.Ordinal)
            ? Verdict.Ok
            : new Verdict.Broken(
                $"{inputs.Connection} is {observed.Server} {observed.Version}, expected {inputs.Server} {inputs.Expect}"
            );
}

/// <summary>The inputs of <c>redis.version</c>.</summary>
public sealed record VersionInputs
{
    /// <summary>The server.</summary>
    [Connection("redis")]
    public required string Connection { get; init; }

    /// <summary><c>redis</c> or <c>valkey</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The version's leading parts: <c>8</c>, <c>7.0</c>.</summary>
    public required string Expect { get; init; }
}

/// <summary>Which server answers.</summary>
public sealed record VersionState
{
    /// <summary><c>redis</c> or <c>valkey</c>.</summary>
    public required string Server { get; init; }

    /// <summary>Its version: <c>8.0.1</c>.</summary>
    public required string Version { get; init; }
}

[JsonSerializable(typeof(VersionInputs))]
[JsonSerializable(typeof(VersionState))]
internal sealed partial class VersionJson : JsonSerializerContext;
