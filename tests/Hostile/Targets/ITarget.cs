using System.Collections.Immutable;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>Something that reads what others wrote.</summary>
internal interface ITarget
{
    /// <summary>What it reads.</summary>
    string Name { get; }

    /// <summary>Good inputs, of which bad ones are made.</summary>
    ImmutableArray<Sample> Samples { get; }

    /// <summary>Makes a bad one of a good one.</summary>
    byte[] Mutate(Mutation mutation, Sample sample, Sample other);

    /// <summary>Puts the input where the reader looks for it. Costs nothing.</summary>
    void Prepare(Sample sample, byte[] input);

    /// <summary>Has it read and used as far as it goes.</summary>
    /// <returns>Whether the input was taken for a good one.</returns>
    /// <exception cref="BrokenPromiseException">Something that must hold does not. Any other exception is a finding, too.</exception>
    bool Try(Sample sample, byte[] input);

    /// <summary>Why the last input was refused, for people; null: it was not.</summary>
    string? Refusal => null;

    /// <summary>What takes too long for each input, with the last accepted one.</summary>
    void TryAtLength();
}
