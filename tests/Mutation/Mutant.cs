using Microsoft.CodeAnalysis;

namespace Mutation;

/// <summary>One change of the engine's code.</summary>
/// <param name="Number">Its place among all mutants, from 0.</param>
/// <param name="File">The file, relative to the engine's folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Kind">What kind of change.</param>
/// <param name="Was">The code before, in one line.</param>
/// <param name="Becomes">The code after, in one line; empty: it is gone.</param>
/// <param name="Tree">The tree that is replaced.</param>
/// <param name="Root">What replaces its root.</param>
public sealed record Mutant(
    int Number,
    string File,
    int Line,
    string Kind,
    string Was,
    string Becomes,
    SyntaxTree Tree,
    Func<SyntaxNode> Root
)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line} {Kind}: {Was} → {(Becomes.Length == 0 ? "(gone)" : Becomes)}";
}
