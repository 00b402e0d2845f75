using System.Collections.Immutable;

namespace Belay.Connectors.S3;

/// <summary>One version of an object, or the mark of a deletion, as <c>ListObjectVersions</c> names it.</summary>
/// <param name="Key">The object's key.</param>
/// <param name="Version">The version's id; <c>null</c> as a text in a bucket without versions.</param>
/// <param name="IsDeletion">Whether it says that the object was deleted.</param>
/// <param name="IsLatest">Whether it is the current one.</param>
/// <param name="ETag">The entity tag, without quotes; empty for a deletion.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record ObjectVersion(string Key, string Version, bool IsDeletion, bool IsLatest, string ETag, long Size)
{
    /// <summary>Uploaded in parts: the tag is no digest of the content.</summary>
    public bool IsInParts => ETag.Contains('-', StringComparison.Ordinal);

    /// <summary>Whether two versions look alike in a listing. Tags of uploads in parts tell nothing: then the size must do, and <c>s3.same</c> reads the content.</summary>
    public bool LooksLike(ObjectVersion other) =>
        IsDeletion == other.IsDeletion && Size == other.Size && (ETag == other.ETag || IsInParts || other.IsInParts);
}

/// <summary>What is known of a version beside its content.</summary>
/// <param name="Version">The version's id; null when the bucket keeps no versions.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Headers">The headers that a copy must bring along: type, caching, disposition, encoding, language, expiry, and the user's metadata.</param>
internal sealed record ObjectHead(string? Version, long Size, ImmutableSortedDictionary<string, string> Headers);
