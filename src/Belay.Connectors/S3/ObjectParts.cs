using System.Collections.Immutable;

namespace Belay.Connectors.S3;

/// <summary>A part of an object's content.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="From">Its first byte.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record ObjectPart(int Number, long From, long Length);

/// <summary>How content is divided: one part is in memory at a time.</summary>
internal static class ObjectParts
{
    private const long Usual = 16 * 1024 * 1024;

    /// <summary>An upload has 10,000 parts at most (Amazon S3 User Guide, "Multipart upload limits"); some are left free.</summary>
    private const long Most = 9_000;

    /// <summary>The parts of so many bytes, at least one.</summary>
    public static ImmutableArray<ObjectPart> Of(long size)
    {
        var length = Math.Max(Usual, (size + Most - 1) / Most);
        var count = Math.Max(1, (size + length - 1) / length);
        return
        [
            .. Enumerable
                .Range(0, (int)count)
                .Select(i => new ObjectPart(i + 1, i * length, Math.Min(length, size - (i * length)))),
        ];
    }
}
