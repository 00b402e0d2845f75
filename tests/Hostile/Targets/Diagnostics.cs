using System.Collections.Immutable;
using System.Text;
using Belay.Cli.Screens;
using Belay.Planning;

namespace Hostile.Targets;

/// <summary>What every refusal of a file must say.</summary>
internal static class Diagnostics
{
    public static void Judge(ImmutableArray<Diagnostic> diagnostics)
    {
        if (diagnostics.IsEmpty)
            throw new BrokenPromiseException("it is refused without a diagnostic");
        _ = Sarif.Of(diagnostics);
        var lines = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var diagnostic in diagnostics.Take(50))
        {
            if (diagnostic.Message.Length > 2000)
                throw new BrokenPromiseException($"a message of {diagnostic.Message.Length} characters");
            if (!IsInside(diagnostic, lines))
                throw new BrokenPromiseException($"not in its file: {diagnostic}");
        }
    }

    /// <summary>A place is inside where an editor can put its cursor: behind the last letter of a line, too.</summary>
    private static bool IsInside(Diagnostic diagnostic, Dictionary<string, string[]> known)
    {
        if (!known.TryGetValue(diagnostic.File, out var lines))
            known[diagnostic.File] = lines = LinesOf(diagnostic.File);
        // A file that cannot be read has no places: the first one stands for it.
        return diagnostic is { Line: 1, Column: 1 }
            || (
                diagnostic is { Line: >= 1, Column: >= 1 }
                && diagnostic.Line <= lines.Length
                && diagnostic.Column <= lines[diagnostic.Line - 1].Length + 1
            );
    }

    private static string[] LinesOf(string file) =>
        // A device has no length, and no lines.
        File.Exists(file)
        && new FileInfo(file).Length > 0
            ? Encoding
                .UTF8.GetString(File.ReadAllBytes(file))
                .TrimStart('\ufeff')
                .Split(["\r\n", "\n", "\r"], StringSplitOptions.None)
            : [];
}
