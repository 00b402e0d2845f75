using System.Text.Json.Serialization;
using Belay.Connectors.Redis.Keys;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Redis;

/// <summary>Checks that two servers hold the same keys: type, value regardless of order, absolute expiry.</summary>
public sealed class Same(SameInputs inputs, IScope scope) : ICheck<SameState>
{
    private const long DefaultSampleAbove = 200_000;

    /// <summary>The operation's definition.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<SameInputs, SameState>(
            "redis.same",
            "Check that two servers hold the same keys, values and expiries",
            options => new SameJson(options),
            inputs =>
                [
                    new Touch($"redis:{inputs.From}", TouchKind.Read),
                    new Touch($"redis:{inputs.To}", TouchKind.Read)
                    {
                        Copies = $"redis:{inputs.From}",
                        Proves = Proof.Same,
                    },
                ],
            (inputs, scope) => new Same(inputs, scope),
            inputs =>
                inputs.SampleAbove is <= 0
                    ? [new InputProblem("sample-above", "a number of keys is expected, at least 1")]
                    : []
        );

    /// <inheritdoc/>
    public async ValueTask<SameState> ObserveAsync(CancellationToken ct)
    {
        await using var from = await RedisClient.OpenAsync(Settings(inputs.From), scope.Clock, ct);
        await using var to = await RedisClient.OpenAsync(Settings(inputs.To), scope.Clock, ct);
        var fromKeys = (await ServerInfo.ReadAsync(from, ct, "keyspace")).Keys;
        var toKeys = (await ServerInfo.ReadAsync(to, ct, "keyspace")).Keys;
        var keys = Math.Max(fromKeys, toKeys);
        var sample = KeySample.About(inputs.SampleAbove ?? DefaultSampleAbove, keys, inputs.Seed ?? 1);
        var comparison = new KeyComparison(from, to, sample, scope.Clock);
        await comparison.RunAsync(ct);
        return new SameState
        {
            Comparison = new StoreComparison
            {
                From = inputs.From,
                To = inputs.To,
                Parts =
                [
                    new ComparedPart
                    {
                        Name = "all databases",
                        Unit = "keys",
                        InFrom = fromKeys,
                        InTo = toKeys,
                        Compared = comparison.Compared,
                        IsSample = sample != KeySample.All,
                        Differing = comparison.Differing,
                        Examples = [.. comparison.Named.Select(key => $"{key.Key}: {key.Why}")],
                    },
                ],
            },
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(SameState observed)
    {
        var keys = observed.Comparison.Parts.Single();
        if (keys.Differing > 0)
            return new Verdict.NotYet(
                $"{keys.Differing} of {keys.Compared} keys compared differ: {string.Join("; ", keys.Examples)}"
            );
        return keys.Compared > 0
            ? Verdict.Ok
            : new Verdict.NotYet($"{inputs.From} holds no key: there is nothing to compare, which proves nothing");
    }

    private RedisSettings Settings(string name) => scope.Connection<RedisSettings>(name);
}

/// <summary>The inputs of <c>redis.same</c>.</summary>
public sealed record SameInputs
{
    /// <summary>The server whose keys are expected (left).</summary>
    [Connection("redis")]
    public required string From { get; init; }

    /// <summary>The server that must hold them (right).</summary>
    [Connection("redis")]
    public required string To { get; init; }

    /// <summary>With more keys than this, about this many are compared, drawn by their names. Default 200000.</summary>
    public long? SampleAbove { get; init; }

    /// <summary>The seed of the draw; the same seed draws the same keys. Default 1.</summary>
    public int? Seed { get; init; }
}

/// <summary>What the comparison found.</summary>
public sealed record SameState : ICompared
{
    /// <summary>The keys of all databases on both sides; of those that differ the first ten are named.</summary>
    public required StoreComparison Comparison { get; init; }
}

[JsonSerializable(typeof(SameInputs))]
[JsonSerializable(typeof(SameState))]
internal sealed partial class SameJson : JsonSerializerContext;
