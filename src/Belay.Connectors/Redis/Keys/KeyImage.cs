using System.Collections.Immutable;
using System.Globalization;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>
/// A key with its value and its expiry, as the commands that make it anew: the one portable form for copies, files
/// and comparisons. The payload of DUMP is not portable: an older server refuses that of a newer one.
/// </summary>
internal sealed record KeyImage
{
    public required KeyName Key { get; init; }

    /// <summary>The server's word for its type: <c>string</c>, <c>hash</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The commands that make the value on an empty place; equal values give equal commands, regardless of the order in which a server holds unordered members.</summary>
    public required ImmutableArray<RespCommand> Value { get; init; }

    /// <summary>When it expires, in milliseconds of Unix time (PEXPIRETIME); -1: never.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>The commands that put exactly this key there, whatever is there now.</summary>
    public IEnumerable<RespCommand> Commands =>
        [
            Removal(Key),
            .. Value,
            .. ExpiresAt >= 0
                ? [RespCommand.Of("PEXPIREAT", Key.Name, ExpiresAt.ToString(CultureInfo.InvariantCulture))]
                : Array.Empty<RespCommand>(),
        ];

    /// <summary>The command that removes a key.</summary>
    public static RespCommand Removal(KeyName key) => RespCommand.Of("DEL", key.Name);

    /// <summary>What tells two images of a key apart; null when they are the same. An image whose expiry has passed counts as absent.</summary>
    /// <param name="left">The image on the left; null: the key is not there.</param>
    /// <param name="right">The image on the right; null: the key is not there.</param>
    /// <param name="now">Now, in milliseconds of Unix time.</param>
    public static string? Compare(KeyImage? left, KeyImage? right, long now)
    {
        left = left?.IsExpired(now) is true ? null : left;
        right = right?.IsExpired(now) is true ? null : right;
        if (left is null || right is null)
            return left == right ? null : $"only on the {(left is null ? "right" : "left")}";
        if (left.Type != right.Type)
            return $"{left.Type} on the left, {right.Type} on the right";
        if (!left.Value.AsSpan().SequenceEqual(right.Value.AsSpan(), SameWords.Instance))
            return "the values differ";
        return left.ExpiresAt == right.ExpiresAt
            ? null
            : $"expires at {left.ExpiresAt} on the left, at {right.ExpiresAt} on the right";
    }

    private bool IsExpired(long now) => ExpiresAt >= 0 && ExpiresAt <= now;

    private sealed class SameWords : IEqualityComparer<RespCommand>
    {
        public static SameWords Instance { get; } = new();

        public bool Equals(RespCommand? x, RespCommand? y) =>
            x is not null && y is not null && x.Arguments.AsSpan().SequenceEqual(y.Arguments.AsSpan());

        public int GetHashCode(RespCommand obj) => obj.Arguments.Length;
    }
}
