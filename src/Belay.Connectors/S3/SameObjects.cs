using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.S3;

/// <summary>Inputs of <c>s3.same</c>.</summary>
public sealed record SameObjectsInputs
{
    /// <summary>The bucket whose objects are expected.</summary>
    [Connection("s3")]
    public required string From { get; init; }

    /// <summary>The bucket that must hold them.</summary>
    [Connection("s3")]
    public required string To { get; init; }

    /// <summary>Only keys that begin so. Default: all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Which versions. Default <c>all</c>.</summary>
    public Versions Versions { get; init; } = Versions.All;

    /// <summary>With more keys than this, metadata and the content of uploads in parts are compared of every so many keys only, so that about this many are; keys, order, sizes and tags are always compared of all. Default 10000.</summary>
    public int SampleAbove { get; init; } = 10_000;
}

/// <summary>What <c>s3.same</c> sees.</summary>
public sealed record SameObjectsState
{
    /// <summary>Keys on either side.</summary>
    public required long Keys { get; init; }

    /// <summary>Versions in the source.</summary>
    public required long Versions { get; init; }

    /// <summary>Versions of which also metadata, and where the tags do not tell the content, were compared.</summary>
    public required long Read { get; init; }

    /// <summary>Keys that differ.</summary>
    public required long Differing { get; init; }

    /// <summary>The first ten that differ, and in what.</summary>
    public required ImmutableArray<string> Differences { get; init; }
}

/// <summary><c>s3.same</c>: whether two buckets hold the same objects.</summary>
internal sealed class SameObjects(SameObjectsInputs inputs, IScope scope) : ICheck<SameObjectsState>
{
    private const int MostNamed = 10;

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<SameObjectsInputs, SameObjectsState>(
            "s3.same",
            "Checks that two buckets hold the same objects: keys, versions, content, metadata",
            options => new SameObjectsJson(options),
            inputs =>
                [
                    new Touch($"s3:{inputs.From}", TouchKind.Read),
                    new Touch($"s3:{inputs.To}", TouchKind.Read) { Copies = $"s3:{inputs.From}", Proves = Proof.Same },
                ],
            (inputs, scope) => new SameObjects(inputs, scope),
            inputs =>
                inputs.SampleAbove < 1
                    ? [new InputProblem("sample-above", "a number of keys is expected, at least 1")]
                    : []
        );

    public async ValueTask<SameObjectsState> ObserveAsync(CancellationToken ct)
    {
        using var from = new S3Client(scope.Connection<S3Settings>(inputs.From), scope.Clock);
        using var to = new S3Client(scope.Connection<S3Settings>(inputs.To), scope.Clock);
        var keys = await new BucketPair(from, to, inputs.Prefix, inputs.Versions).KeysAsync(ct).ToListAsync(ct);
        var every = Math.Max(1, keys.Count / inputs.SampleAbove);
        var (read, differing) = (0L, 0L);
        var named = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, key) in keys.Index())
        {
            var why = Outside(key);
            if (why is null && index % every == 0)
            {
                why = await InsideAsync(from, to, key, ct);
                read += key.Source.Count(version => !version.IsDeletion);
            }
            if (why is null)
                continue;
            differing++;
            if (named.Count < MostNamed)
                named.Add($"{key.Key}: {why}");
        }
        return new SameObjectsState
        {
            Keys = keys.Count,
            Versions = keys.Sum(key => (long)key.Source.Length),
            Read = read,
            Differing = differing,
            Differences = named.ToImmutable(),
        };
    }

    public Verdict Judge(SameObjectsState observed) =>
        observed.Differing > 0
            ? new Verdict.NotYet(
                $"{observed.Differing} of {observed.Keys} keys differ: {string.Join("; ", observed.Differences)}"
            )
        : observed.Versions > 0 ? Verdict.Ok
        : new Verdict.NotYet($"{inputs.From} holds nothing: there is nothing to compare, which proves nothing");

    private static string? Outside(KeyHistory key) =>
        key.IsSame ? null
        : key.Source.IsEmpty ? "only in the target"
        : key.Target.IsEmpty ? "not in the target"
        : $"{key.Source.Length} versions, and {key.Copied} of {key.Target.Length} in the target are alike";

    private static async Task<string?> InsideAsync(S3Client from, S3Client to, KeyHistory key, CancellationToken ct)
    {
        foreach (var (left, right) in key.Source.Zip(key.Target).Where(pair => !pair.First.IsDeletion))
        {
            var expected = await from.HeadAsync(left.Key, left.Version, ct);
            var found = await to.HeadAsync(right.Key, right.Version, ct);
            if (expected is null || found is null)
                return "it went away while it was compared";
            if (
                expected.Headers.Except(found.Headers).Concat(found.Headers.Except(expected.Headers)).ToArray()
                is [var other, ..]
            )
                return $"the header {other.Key} differs";
            if (
                left.ETag != right.ETag
                && await from.HashAsync(left.Key, left.Version, left.Size, ct)
                    != await to.HashAsync(right.Key, right.Version, right.Size, ct)
            )
                return "the content differs";
        }
        return null;
    }
}

[JsonSerializable(typeof(SameObjectsInputs))]
[JsonSerializable(typeof(SameObjectsState))]
internal sealed partial class SameObjectsJson : JsonSerializerContext;
