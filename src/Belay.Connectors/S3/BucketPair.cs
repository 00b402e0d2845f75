using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.S3;

/// <summary>Which versions of each object count.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Versions>))]
public enum Versions
{
    /// <summary>All of them, and the marks of deletions, in their order.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>The current one only; an object that is deleted is left out.</summary>
    [JsonStringEnumMemberName("latest")]
    Latest,
}

/// <summary>Two buckets, read side by side below a prefix.</summary>
internal sealed class BucketPair(S3Client from, S3Client to, string prefix, Versions versions)
{
    /// <summary>Every key that either of the two holds, in the order of keys.</summary>
    public async IAsyncEnumerable<KeyHistory> KeysAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var left = from.HistoriesAsync(prefix, ct).GetAsyncEnumerator(ct);
        await using var right = to.HistoriesAsync(prefix, ct).GetAsyncEnumerator(ct);
        var (a, b) = (await NextAsync(left), await NextAsync(right));
        while (a is not null || b is not null)
        {
            // Listings are in the order of the keys' UTF-8 bytes.
            var order =
                a is null ? 1
                : b is null ? -1
                : Utf8Order.Compare(a.Value[0].Key, b.Value[0].Key);
            var key = order <= 0 ? a!.Value[0].Key : b!.Value[0].Key;
            yield return new KeyHistory(key, Counting(order <= 0 ? a : null), Counting(order >= 0 ? b : null));
            if (order <= 0)
                a = await NextAsync(left);
            if (order >= 0)
                b = await NextAsync(right);
        }
    }

    /// <summary>That the target can hold what is to be copied.</summary>
    /// <exception cref="OperationException">Refused: several versions, and a target that keeps one.</exception>
    public async Task RequireVersionsAsync(CancellationToken ct)
    {
        if (versions == Versions.All && await from.IsVersionedAsync(ct) && !await to.IsVersionedAsync(ct))
            throw OperationException.Refused(
                $"{from.Place} keeps versions and {to.Place} does not: turn its versioning on, or say versions: latest"
            );
    }

    private ImmutableArray<ObjectVersion> Counting(ImmutableArray<ObjectVersion>? history) =>
        history is not { } all ? []
        : versions == Versions.All ? all
        : [.. all.Where(version => version.IsLatest && !version.IsDeletion)];

    private static async ValueTask<ImmutableArray<ObjectVersion>?> NextAsync(
        IAsyncEnumerator<ImmutableArray<ObjectVersion>> histories
    ) => await histories.MoveNextAsync() ? histories.Current : null;
}
