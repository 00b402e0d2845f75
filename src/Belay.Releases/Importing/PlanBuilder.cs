using System.Collections.Immutable;

namespace Belay.Releases.Importing;

/// <summary>Puts the pieces of a page together: phases by their headings, steps in the page's order, what is done when it goes wrong apart.</summary>
internal sealed class PlanBuilder
{
    /// <summary>Languages of code that is no command: the content of a file, or what a program prints.</summary>
    private static readonly HashSet<string> Contents = new(
        [
            "yaml",
            "yml",
            "json",
            "hcl",
            "ini",
            "properties",
            "toml",
            "xml",
            "env",
            "dotenv",
            "sql",
            "dockerfile",
            "nginx",
            "diff",
            "text",
            "output",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly List<ShellWords> backCommands = [];
    private readonly Stack<Draft.Phase> open = [];
    private string lead = "";
    private int? backLevel;

    public PlanBuilder() => open.Push(Root);

    /// <summary>The page.</summary>
    public Draft.Phase Root { get; } = new(1, 0, "");

    /// <summary>The first heading.</summary>
    public string? Title { get; private set; }

    public int Commands { get; private set; }

    public int Typed { get; private set; }

    public int Lost { get; private set; }

    public List<PageSentence> NotUnderstood { get; } = [];

    private List<Draft> Parts => open.Peek().Parts;

    public void Add(PagePiece piece)
    {
        switch (piece)
        {
            case PagePiece.Heading heading:
                Heading(heading);
                break;
            case PagePiece.Code code:
                Code(code);
                break;
            case PagePiece.Lost lost:
                Hole(lost);
                break;
            case PagePiece.Paragraph paragraph:
                Text(paragraph.Line, paragraph.Text, isItem: false);
                break;
            case PagePiece.ListItem item:
                Text(item.Line, item.Text, isItem: true);
                break;
        }
    }

    /// <summary>Gives the commands that take something back to the steps that they name; what names none is told.</summary>
    public void PlaceUndos()
    {
        var left = UndoPlaces.Place(Root, backCommands);
        NotUnderstood.AddRange(
            left.Select(command => new PageSentence(command.Line, $"{command.Comment} {command.Text}".Trim()))
        );
    }

    private void Heading(PagePiece.Heading heading)
    {
        Title ??= heading.Text;
        lead = heading.Text;
        if (heading.Level <= backLevel)
            backLevel = null;
        if (backLevel is null && Sentences.IsGoingBack(heading.Text))
            backLevel = heading.Level;
        while (open.Peek() is { Level: > 0 } top && top.Level >= heading.Level)
            open.Pop();
        var phase = new Draft.Phase(heading.Line, heading.Level, heading.Text);
        Parts.Add(phase);
        open.Push(phase);
    }

    private void Hole(PagePiece.Lost lost)
    {
        Lost++;
        if (backLevel is null)
            Parts.Add(new Draft.Hole(lost.Line, lead));
        else
            NotUnderstood.Add(new PageSentence(lost.Line, $"a lost command of going back: {lead}"));
    }

    private void Code(PagePiece.Code code)
    {
        var isContent = Contents.Contains(code.Language) || !code.Lines.Any(ShellWords.IsOne);
        if (isContent)
        {
            Manual(code.Line, $"{lead}\n{string.Join('\n', code.Lines)}");
            return;
        }
        var (folder, before) = ((string?)null, ImmutableArray<string>.Empty);
        foreach (var command in ShellWords.Of(PromptedOnly(code.Lines), code.Line))
        {
            var isSimple = !command.Text.Contains("&&", StringComparison.Ordinal);
            if (command.Text.Length == 0)
                Text(command.Line, command.Comment, isItem: false);
            else if (isSimple && command.Text.StartsWith("cd ", StringComparison.Ordinal))
                folder = Inside(folder, command.Text[3..].Trim().Trim('"'));
            else if (isSimple && command.Text.StartsWith("export ", StringComparison.Ordinal))
                before = before.Add(command.Text);
            else
                Command(command, command.Comment, folder, before);
        }
    }

    /// <summary>Where some lines have a prompt, the others are what the program prints.</summary>
    private static ImmutableArray<string> PromptedOnly(ImmutableArray<string> lines) =>
        lines.Any(line => line.TrimStart().StartsWith("$ ", StringComparison.Ordinal))
            ? [.. lines.Select((line, i) => IsPrompted(lines, i) ? line : "")]
            : lines;

    private static bool IsPrompted(ImmutableArray<string> lines, int i) =>
        lines[i].TrimStart() is var line
        && (
            line.StartsWith("$ ", StringComparison.Ordinal)
            || line.StartsWith('#')
            || (i > 0 && lines[i - 1].EndsWith('\\') && IsPrompted(lines, i - 1))
        );

    private static string Inside(string? folder, string path) =>
        folder is null || path.StartsWith('/') ? path : $"{folder.TrimEnd('/')}/{path}";

    private void Command(ShellWords command, string name, string? folder, ImmutableArray<string> before)
    {
        Commands++;
        if (backLevel is not null)
        {
            backCommands.Add(command with { Comment = name });
            return;
        }
        if (Sentences.IsStop(name))
            Parts.Add(new Draft.Gate(command.Line, name));
        if (before.IsEmpty && TypedOperations.Of(command, folder) is { } operation)
        {
            Typed++;
            Parts.Add(new Draft.Typed(command.Line, name, operation));
        }
        else if (command.IsRequest)
        {
            Parts.Add(new Draft.Confirm(command.Line, $"{name} {command.Text}".Trim()));
        }
        else
        {
            Parts.Add(new Draft.Shell(command.Line, name, command) { Folder = folder, Before = before });
        }
    }

    private void Text(int line, string text, bool isItem)
    {
        lead = Sentences.Of(text).LastOrDefault().Text ?? lead;
        var at = 0;
        foreach (var (start, end, command) in InlineCommands.In(text))
        {
            var around = Sentences.Of(text[at..start]).ToArray();
            Prose(line + text.AsSpan(0, at).Count('\n'), around.SkipLast(1), isItem);
            var name = around.Length == 0 ? "" : around[^1].Text.Trim(' ', ':', '*');
            Command(new ShellWords(line + text.AsSpan(0, start).Count('\n'), command, ""), name, null, []);
            at = end;
        }
        Prose(line + text.AsSpan(0, at).Count('\n'), Sentences.Of(text[at..]), isItem && at == 0);
    }

    /// <summary>Sentences that say when to stop become gates; the others of a text one manual step when one of them asks for something, or a remark.</summary>
    private void Prose(int line, IEnumerable<(string Text, int Line)> sentences, bool isItem)
    {
        var rest = new List<(string Text, int Line)>();
        foreach (var sentence in sentences)
        {
            if (backLevel is null && Sentences.IsStop(sentence.Text))
            {
                Flush();
                Parts.Add(new Draft.Gate(line + sentence.Line, sentence.Text));
            }
            else if (sentence.Text.Any(char.IsLetterOrDigit))
            {
                rest.Add(sentence);
            }
        }
        Flush();

        void Flush()
        {
            if (rest.Count == 0)
                return;
            var (at, text) = (line + rest[0].Line, string.Join(' ', rest.Select(one => one.Text)));
            if (isItem || rest.Exists(one => Sentences.Asks(one.Text)))
                Manual(at, text);
            else
                Parts.Add(new Draft.Remark(at, text));
            rest.Clear();
        }
    }

    private void Manual(int line, string text)
    {
        if (backLevel is null)
            Parts.Add(new Draft.Confirm(line, text));
        else
            NotUnderstood.Add(new PageSentence(line, text));
    }
}
