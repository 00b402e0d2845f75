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
public sealed record SameObjectsState : ICompared
{
    /// <summary>Keys with the order, sizes and tags of their versions; and metadata and contents, where the tags do not tell them. Of what differs the first ten are named.</summary>
    public required StoreComparison Comparison { get; init; }
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
        var (read, outside, inside) = (0L, new List<string>(), new List<string>());
        foreach (var (index, key) in keys.Index())
        {
            if (Outside(key) is { } why)
            {
                outside.Add($"{key.Key}: {why}");
            }
            else if (index % every == 0)
            {
                read += key.Source.Count(version => !version.IsDeletion);
                if (await InsideAsync(from, to, key, ct) is { } what)
                    inside.Add($"{key.Key}: {what}");
            }
        }
        var all = Part("keys and versions", keys, outside) with { Compared = keys.Sum(key => (long)key.Source.Length) };
        var some = Part("metadata and contents", keys, inside) with { Compared = read, IsSample = every > 1 };
        return new SameObjectsState
        {
            Comparison = new StoreComparison
            {
                From = inputs.From,
                To = inputs.To,
                Parts = [all, some],
            },
        };
    }

    public Verdict Judge(SameObjectsState observed)
    {
        var parts = observed.Comparison.Parts;
        if (parts.Sum(part => part.Differing) is > 0 and var differing)
            return new Verdict.NotYet(
                $"{differing} keys differ: {string.Join("; ", parts.SelectMany(part => part.Examples))}"
            );
        return parts[0].InFrom > 0
            ? Verdict.Ok
            : new Verdict.NotYet($"{inputs.From} holds nothing: there is nothing to compare, which proves nothing");
    }

    private static ComparedPart Part(string name, List<KeyHistory> keys, List<string> differing) =>
        new()
        {
            Name = name,
            Unit = "versions",
            InFrom = keys.Sum(key => (long)key.Source.Length),
            InTo = keys.Sum(key => (long)key.Target.Length),
            Compared = 0,
            IsSample = false,
            Differing = differing.Count,
            Examples = [.. differing.Take(MostNamed)],
        };

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
