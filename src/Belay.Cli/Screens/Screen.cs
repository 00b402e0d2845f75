using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Belay.Cli.Screens;

/// <summary>How a verb answers.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: one JSON document a line.</summary>
    Json,

    /// <summary>For tools that show findings beside the code, SARIF 2.1.0; of lint alone.</summary>
    Sarif,
}

/// <summary>Where a verb writes: colours and a live display only on a terminal, questions only where somebody can answer.</summary>
internal sealed class Screen
{
    private readonly TextWriter output = Console.Out;

    public Screen(OutputFormat format, bool mayAsk)
    {
        Format = format;
        IsTerminal =
            format == OutputFormat.Text
            && !Console.IsOutputRedirected
            && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";
        MayAsk = mayAsk && IsTerminal && !Console.IsInputRedirected;
        Terminal = new Lazy<IAnsiConsole>(() => AnsiConsole.Create(new AnsiConsoleSettings()));
    }

    public OutputFormat Format { get; }

    /// <summary>A terminal that understands more than lines.</summary>
    public bool IsTerminal { get; }

    /// <summary>Whether a question would be seen and could be answered.</summary>
    public bool MayAsk { get; }

    /// <summary>The terminal, for what only it can show.</summary>
    public Lazy<IAnsiConsole> Terminal { get; }

    /// <summary>Writes lines for people; nothing when the answer is JSON.</summary>
    public void Write(params IEnumerable<ScreenLine> lines)
    {
        if (Format != OutputFormat.Text)
            return;
        foreach (var line in lines)
        {
            if (IsTerminal)
                Terminal.Value.Write(Rendered(line).Append("\n"));
            else
                output.WriteLine(line.ToString());
        }
        output.Flush();
    }

    /// <summary>Writes a text as it is, whatever the format: what is made to be put into a file.</summary>
    public void WriteRaw(string text) => output.Write(text);

    /// <summary>Writes the answer for programs; nothing when it is for people.</summary>
    public void Write<T>(T answer, JsonTypeInfo<T> type)
    {
        if (Format != OutputFormat.Json)
            return;
        output.WriteLine(JsonSerializer.Serialize(answer, type));
        output.Flush();
    }

    /// <summary>Asks yes or no; yes where nobody can be asked, because the command itself was the wish.</summary>
    public bool Confirm(string question)
    {
        if (!MayAsk)
            return true;
        Console.Error.Write($"{question} [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>A line for a terminal.</summary>
    public static Paragraph Rendered(ScreenLine line)
    {
        var paragraph = new Paragraph();
        foreach (var piece in line.Pieces)
            paragraph.Append(piece.Seen, StyleOf(piece.Tone));
        return paragraph;
    }

    private static Style StyleOf(Tone tone) =>
        tone switch
        {
            Tone.Strong => new Style(decoration: Decoration.Bold),
            Tone.Faint => new Style(decoration: Decoration.Dim),
            Tone.Good => new Style(Color.Green),
            Tone.Warning => new Style(Color.Yellow),
            Tone.Bad => new Style(Color.Red),
            _ => Style.Plain,
        };
}
