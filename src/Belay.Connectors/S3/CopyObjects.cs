using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.S3;

/// <summary>Inputs of <c>s3.copy</c>.</summary>
public sealed record CopyObjectsInputs
{
    /// <summary>The bucket that is copied.</summary>
    [Connection("s3")]
    public required string From { get; init; }

    /// <summary>The bucket that shall hold the same objects under the same keys.</summary>
    [Connection("s3")]
    public required string To { get; init; }

    /// <summary>Only keys that begin so. Default: all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Which versions. Default <c>all</c>.</summary>
    public Versions Versions { get; init; } = Versions.All;

    /// <summary>Whether what others wrote to the target since is led back into the source when the copy is taken back, and then removed from the target; a key that both buckets were given something else under is refused. Nobody may write meanwhile. Default false: it stays in the target.</summary>
    public bool CarryBack { get; init; }
}

/// <summary>What <c>s3.copy</c> sees.</summary>
public sealed record CopyObjectsState
{
    /// <summary>Versions in the source.</summary>
    public required long Versions { get; init; }

    /// <summary>How many of them the target holds, in their order.</summary>
    public required long Copied { get; init; }

    /// <summary>Bytes that are left to copy.</summary>
    public required long BytesLeft { get; init; }

    /// <summary>Keys under which the target holds something else, the first ten.</summary>
    public required ImmutableArray<string> InTheWay { get; init; }

    /// <summary>Digest over the target's copies: their keys, order, tags and sizes.</summary>
    public required string Digest { get; init; }
}

/// <summary><c>s3.copy</c>: copies objects with their versions and metadata.</summary>
internal sealed class CopyObjects : IChange<CopyObjectsState>, IAsyncDisposable
{
    private const int MostNamed = 10;

    /// <summary>One request copies this much at most (Amazon S3 API Reference, CopyObject).</summary>
    private const long LargestCopy = 5L * 1024 * 1024 * 1024;

    private readonly CopyObjectsInputs inputs;
    private readonly S3Settings source;
    private readonly S3Settings target;
    private readonly S3Client from;
    private readonly S3Client to;
    private readonly BucketPair pair;
    private readonly CopyNote note;

    private CopyObjects(CopyObjectsInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        (source, target) = (scope.Connection<S3Settings>(inputs.From), scope.Connection<S3Settings>(inputs.To));
        (from, to) = (new S3Client(source, scope.Clock), new S3Client(target, scope.Clock));
        pair = new BucketPair(from, to, inputs.Prefix, inputs.Versions);
        note = new CopyNote(scope);
    }

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<CopyObjectsInputs, CopyObjectsState>(
            "s3.copy",
            "Copies objects with their versions and metadata into another bucket",
            options => new CopyObjectsJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch($"s3:{inputs.From}", inputs.CarryBack ? TouchKind.Modify : TouchKind.Read),
                    new Touch($"s3:{inputs.To}", TouchKind.Modify) { Copies = $"s3:{inputs.From}" },
                ],
            (inputs, scope) => new CopyObjects(inputs, scope),
            validate: Validate
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<CopyObjectsState> ObserveAsync(CancellationToken ct)
    {
        await pair.RequireVersionsAsync(ct);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var inTheWay = ImmutableArray.CreateBuilder<string>();
        var (versions, copied, bytes) = (0L, 0L, 0L);
        await foreach (var key in pair.KeysAsync(ct))
        {
            versions += key.Source.Length;
            copied += key.Copied;
            bytes += key.Missing.Sum(version => version.Size);
            if (key.IsInTheWay && inTheWay.Count < MostNamed)
                inTheWay.Add(key.Key);
            foreach (var copy in key.Copies)
                digest.AppendData(Encoding.UTF8.GetBytes($"{copy.Key}\n{copy.IsDeletion} {copy.ETag} {copy.Size}\n"));
        }
        return new CopyObjectsState
        {
            Versions = versions,
            Copied = copied,
            BytesLeft = bytes,
            InTheWay = inTheWay.ToImmutable(),
            Digest = Convert.ToHexStringLower(digest.GetHashAndReset()),
        };
    }

    public Difference Plan(CopyObjectsState observed) =>
        observed.Copied == observed.Versions
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                [
                    new DifferenceLine(
                        $"objects of {inputs.From} in {inputs.To}",
                        $"{observed.Copied} of {observed.Versions} versions, {observed.BytesLeft} bytes left",
                        "all versions"
                    )
                    {
                        Moves = true,
                    },
                    .. observed.InTheWay.Select(key => new DifferenceLine(key, "something else", "in the way")),
                ]
            );

    public bool Same(CopyObjectsState a, CopyObjectsState b) => a.Digest == b.Digest;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        CopyObjectsState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await ObserveAsync(ct);
        if (!now.InTheWay.IsEmpty)
            throw OperationException.Refused(
                $"{inputs.To} holds something else under {string.Join(", ", now.InTheWay)}: nothing is written over; move it away, or copy into an empty bucket"
            );
        if (note.Read() is null)
            note.Write(await CopiesAsync(ct));
        var (done, total) = (0L, now.Versions - now.Copied);
        await foreach (var key in pair.KeysAsync(ct))
        {
            foreach (var version in key.Missing)
            {
                yield return Progress.Count(done++, total, "versions", version.Key);
                ct.ThrowIfCancellationRequested();
                await CopyAsync(version, (from, source), (to, target), ct);
            }
        }
        yield return Progress.Count(done, total, "versions");
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        CopyObjectsState before,
        CopyObjectsState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (note.Read() is not { } copies)
            yield break;
        if (inputs.CarryBack)
        {
            await foreach (var progress in CarryBackAsync(ct))
                yield return progress;
        }
        var done = 0L;
        await foreach (var key in pair.KeysAsync(ct))
        {
            // What others wrote since stays. The newest copy goes first: what is left is always a beginning.
            foreach (var copy in key.Copies.Skip(copies.GetValueOrDefault(key.Key)).Reverse())
            {
                yield return Progress.Count(done++, null, "versions", copy.Key);
                await to.DeleteAsync(copy.Key, copy.Version, ct);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        from.Dispose();
        to.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Brings to the source what the target was given since; from then on all that the target holds is a copy again.</summary>
    private async IAsyncEnumerable<Progress> CarryBackAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var done = 0L;
        await foreach (var key in pair.KeysAsync(ct))
        {
            if (key.Written.IsEmpty)
                continue;
            if (!key.Missing.IsEmpty)
                throw OperationException.Refused(
                    $"{from.Place} and {to.Place} were both given something else under {key.Key} since they were alike: settle by hand what it shall be, and go on"
                );
            foreach (var version in key.Written)
            {
                yield return Progress.Count(done++, null, "versions led back", version.Key);
                await CopyAsync(version, (to, target), (from, source), ct);
            }
        }
    }

    private async Task<Dictionary<string, int>> CopiesAsync(CancellationToken ct)
    {
        var copies = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var key in pair.KeysAsync(ct))
        {
            if (key.Copied > 0)
                copies.Add(key.Key, key.Copied);
        }
        return copies;
    }

    private static async Task CopyAsync(
        ObjectVersion version,
        (S3Client Client, S3Settings Settings) from,
        (S3Client Client, S3Settings Settings) to,
        CancellationToken ct
    )
    {
        if (version.IsDeletion)
        {
            await to.Client.DeleteAsync(version.Key, version: null, ct);
            return;
        }
        if (to.Settings.CanCopyFrom(from.Settings) && version.Size <= LargestCopy)
        {
            await to.Client.CopyAsync(from.Settings.Bucket, version, ct);
            return;
        }
        var head =
            await from.Client.HeadAsync(version.Key, version.Version, ct)
            ?? throw OperationException.Transient($"{from.Client.Place}: {version.Key} went away while it was copied");
        await to.Client.WriteAsync(
            version.Key,
            version.Size,
            head.Headers,
            part => from.Client.ReadAsync(version.Key, version.Version, part.From, part.Length, ct),
            ct
        );
    }

    private static IEnumerable<InputProblem> Validate(CopyObjectsInputs inputs)
    {
        if (inputs.From == inputs.To)
            yield return new InputProblem("to", "a copy leads to another bucket: name another connection");
        if (inputs is { CarryBack: true, Versions: not Versions.All })
            yield return new InputProblem("carry-back", "needs versions: all, which tell what was written since");
    }
}

[JsonSerializable(typeof(CopyObjectsInputs))]
[JsonSerializable(typeof(CopyObjectsState))]
internal sealed partial class CopyObjectsJson : JsonSerializerContext;
