using System.Collections.Immutable;
using System.Text;
using Belay.Domain.Plans;
using Belay.Planning.Yaml;
using PlanReferences = Belay.Domain.Plans.References;

namespace Belay.Planning.Scopes;

/// <summary>A text as words and references, and back.</summary>
internal static class TextPieces
{
    /// <summary>The pieces; a text that cannot be read is reported and has none.</summary>
    public static ImmutableArray<TextPiece> Of(ScalarNode scalar, Problems problems)
    {
        if (!scalar.Text.Contains("${", StringComparison.Ordinal))
            return [new TextPiece(scalar.Text, null, 0)];
        try
        {
            return PlanReferences.Parse(scalar.Text);
        }
        catch (ReferenceException e)
        {
            problems.Report(
                DiagnosticCodes.Reference,
                scalar.At,
                e.Message,
                "write $${ where the signs themselves are meant"
            );
            return [];
        }
    }

    /// <summary>The text that reads as these pieces again.</summary>
    public static string Write(IEnumerable<TextPiece> pieces)
    {
        var text = new StringBuilder();
        var words = new StringBuilder();
        foreach (var piece in pieces)
        {
            if (piece.Reference is null)
            {
                words.Append(piece.Words);
                continue;
            }
            Flush();
            text.Append(piece.Reference);
        }
        Flush();
        return text.ToString();

        void Flush()
        {
            // Escaped as a whole: "$" and "{" may come from two pieces.
            text.Append(words.Replace("${", "$${"));
            words.Clear();
        }
    }
}
