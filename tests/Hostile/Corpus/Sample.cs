namespace Hostile.Corpus;

/// <summary>A good input.</summary>
/// <param name="Name">Where it is from.</param>
/// <param name="Bytes">What it holds.</param>
internal record Sample(string Name, byte[] Bytes);
