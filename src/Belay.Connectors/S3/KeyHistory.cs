using System.Collections.Immutable;

namespace Belay.Connectors.S3;

/// <summary>How far the versions of one key are copied. Pure.</summary>
/// <param name="Key">The key.</param>
/// <param name="Source">What is copied, the oldest first.</param>
/// <param name="Target">What the target holds, the oldest first.</param>
internal sealed record KeyHistory(
    string Key,
    ImmutableArray<ObjectVersion> Source,
    ImmutableArray<ObjectVersion> Target
)
{
    /// <summary>How many of the source's versions the target holds, from the oldest on, in their order.</summary>
    public int Copied { get; } = Source.Zip(Target).TakeWhile(pair => pair.First.LooksLike(pair.Second)).Count();

    /// <summary>What is left to copy, in order.</summary>
    public ImmutableArray<ObjectVersion> Missing => Source[Copied..];

    /// <summary>The target holds something else before it holds all of the source: it is not written over.</summary>
    public bool IsInTheWay => Copied < Source.Length && Copied < Target.Length;

    /// <summary>What the target holds behind its copies: others wrote it.</summary>
    public ImmutableArray<ObjectVersion> Written => Target[Copied..];

    /// <summary>The target's versions that are copies of the source's.</summary>
    public ImmutableArray<ObjectVersion> Copies => Target[..Copied];

    /// <summary>Whether the target holds exactly what the source holds.</summary>
    public bool IsSame => Copied == Source.Length && Copied == Target.Length;
}
