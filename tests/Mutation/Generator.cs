using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mutation;

/// <summary>All mutants of the engine's code, in a fixed order.</summary>
internal static class Generator
{
    /// <summary>Makes them; none is compiled yet.</summary>
    public static IReadOnlyList<Mutant> Of(EngineCode engine)
    {
        var mutants = new List<Mutant>();
        foreach (var tree in engine.Trees)
        {
            var root = tree.GetRoot();
            var file = Path.GetRelativePath(engine.Folder, tree.FilePath);
            foreach (var (kind, old, changed) in root.DescendantNodes().SelectMany(Mutations.Of))
            {
                mutants.Add(
                    new Mutant(
                        mutants.Count,
                        file,
                        tree.GetLineSpan(old.Span).StartLinePosition.Line + 1,
                        kind,
                        Short(old),
                        changed is null ? "" : Short(changed),
                        tree,
                        () => Changed(root, old, changed)
                    )
                );
            }
        }
        return mutants;
    }

    private static SyntaxNode Changed(SyntaxNode root, SyntaxNode old, SyntaxNode? changed) =>
        changed is null
            ? root.RemoveNode(old, SyntaxRemoveOptions.KeepNoTrivia)!
            : root.ReplaceNode(old, changed.WithTriviaFrom(old));

    private static string Short(SyntaxNode node)
    {
        var text = string.Join(' ', node.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 110 ? text[..107] + "..." : text;
    }
}
