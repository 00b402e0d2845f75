using System.Text.RegularExpressions;

namespace Belay.Releases.Importing;

/// <summary>The sentences of a text, and what they are about.</summary>
internal static partial class Sentences
{
    /// <summary>The sentences, each with how many lines into the text it begins.</summary>
    public static IEnumerable<(string Text, int Line)> Of(string text)
    {
        var at = 0;
        foreach (var end in End().Matches(text).Select(match => match.Index + 1).Append(text.Length))
        {
            var sentence = Space().Replace(text[at..end], " ").Trim();
            if (sentence.Length > 0)
            {
                var begun = at + text[at..end].TakeWhile(char.IsWhiteSpace).Count();
                yield return (sentence, text.AsSpan(0, begun).Count('\n'));
            }
            at = end;
        }
    }

    /// <summary>Whether a sentence asks somebody to do, to look at or to leave something.</summary>
    public static bool Asks(string sentence) => Order().IsMatch(sentence) || Duty().IsMatch(sentence);

    /// <summary>Whether a sentence says when not to go on.</summary>
    public static bool IsStop(string sentence) => Stop().IsMatch(sentence);

    /// <summary>Whether a heading begins what is done when the upgrade goes wrong.</summary>
    public static bool IsGoingBack(string heading) => GoingBack().IsMatch(heading);

    [GeneratedRegex(@"(?<=[\p{L}\p{N})\]`""'’”>])[.!?](?=\s+[^\p{Ll}\s])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex End();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Space();

    // What procedures begin their orders with, maybe after a condition: "If it fails, restore ...", "Then apply ...".
    [GeneratedRegex(
        @"(^|[:;,—–]\s+|\b(then|and|please|also|first|next|finally|now)\s+|^\W*)(add|adjust|alert|announce|append|apply|approve|archive|ask|assign|attach|avoid|back up|backup|build|bump|call|change|check|choose|clean|clear|click|clone|close|collect|commit|compare|complete|configure|confirm|connect|contact|continue|copy|create|decrease|define|delete|deploy|detach|disable|disconnect|document|don['’]?t|do not|double-check|download|drain|drop|edit|enable|ensure|execute|export|fill|finish|follow|generate|get|give|go|have|hold|import|increase|index|inform|inspect|install|investigate|invoke|keep|launch|leave|let|list|log|look|make|map|merge|migrate|monitor|move|never|note|notify|observe|open|pause|perform|pick|ping|point|post|prepare|promote|provision|publish|pull|push|put|re-?create|re-?deploy|re-?index|re-?name|re-?release|re-?run|re-?start|read|record|refer|release|reload|remember|remove|rename|repeat|replace|report|reset|restart|restore|resume|retire|return|revert|review|roll|rotate|run|save|scale|schedule|select|send|set|shut|sign|skip|snapshot|specify|start|stop|submit|switch|tag|take|tell|terminate|test|trigger|try|turn|uninstall|unmap|update|upgrade|upload|use|validate|verify|view|visit|wait|warn|watch|write)\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Order();

    [GeneratedRegex(
        @"\b(must|should|shall|need(s)? to|have to|has to|is required|are required|required to|make sure|be sure|is recommended|we recommend|you can|you may|it is time to|is time to|remember to|only after|only when|ought to)\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Duty();

    [GeneratedRegex(
        @"\b(if|when|unless|until|should)\b.*\b(stop|abort|halt|(do not|don['’]t|never) (continue|proceed|go on))\b|\b(stop|abort|halt|(do not|don['’]t|never) (continue|proceed|go on))\b.*\b(if|when|unless|until|before)\b|\bbefore (you )?(continu|proceed|going on)|\bno-go\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Stop();

    [GeneratedRegex(
        @"\b(roll(ing)?[ -]?back|back[ -]?out|revert(ing)?|going back|downgrad\w*|undo(ing)?|fall[ -]?back)\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex GoingBack();
}
