using System.Collections.Immutable;
using Belay.Domain.Plans;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Belay.Planning.Yaml;

/// <summary>Makes the tree of nodes from a YAML text, within limits, and without the parts of YAML that surprise.</summary>
internal sealed class YamlTree
{
    /// <summary>How deep lists and maps may stand inside each other.</summary>
    public const int GreatestDepth = 40;

    /// <summary>How many values a file may hold.</summary>
    public const int GreatestNodes = 500_000;

    private readonly SourceText source;
    private readonly Problems problems;
    private readonly TextLines lines;
    private readonly Parser parser;
    private readonly List<(int First, int Last)> blockTexts = [];
    private int nodes;

    // As far as the reader came: its errors about tabs do not say where they are.
    private int lastLine = 1;

    private YamlTree(SourceText source, Problems problems)
    {
        this.source = source;
        this.problems = problems;
        lines = new TextLines(source.Shown, source.Text);
        parser = new Parser(new Scanner(new StringReader(source.Text), skipComments: true));
    }

    /// <summary>The tree; null after reporting why there is none.</summary>
    public static Node? Read(SourceText source, Problems problems) => new YamlTree(source, problems).Read();

    private Node? Read()
    {
        Node? root = null;
        SourcePosition? broken = null;
        var before = problems.Count;
        try
        {
            root = ReadStream();
        }
        catch (LimitException e)
        {
            broken = At(e.Start);
            problems.Report(DiagnosticCodes.Limit, broken, e.Message, "divide the file with 'use'");
        }
        catch (YamlException e) when (e.Message.Contains("tab", StringComparison.Ordinal) && FirstTab() is { } tab)
        {
            ReportTab(tab);
            return null;
        }
        catch (YamlException e)
        {
            broken = At(e.Start);
            ReportSyntax(e);
        }
        catch (Exception e)
            when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // The YAML reader has no words of its own for some broken files.
            broken = new SourcePosition(source.Shown, lastLine, 1);
            problems.Report(DiagnosticCodes.Yaml, broken, "this is no YAML from here on");
        }
        foreach (var tab in Tabs().Where(t => broken is null || t.Line <= broken.Line))
            ReportTab(tab);
        return problems.Count > before ? null : root;
    }

    /// <summary>The tab that ended the reading: one at the very beginning of a line can be nothing else, one after spaces may belong to a text.</summary>
    private SourcePosition? FirstTab()
    {
        var ahead = Tabs().FindAll(t => t.Line >= lastLine);
        return ahead.Find(t => t.Column == 1) ?? ahead.FirstOrDefault();
    }

    private Node? ReadStream()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            Report(Mark.Empty, DiagnosticCodes.Yaml, "the file is empty");
            return null;
        }
        parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _))
        {
            Report(
                parser.Current!.Start,
                DiagnosticCodes.Yaml,
                "a second document begins here; a file holds one",
                "put it into a file of its own"
            );
        }
        return root;
    }

    private Node ReadNode(int depth)
    {
        var start = parser.Current is null && !parser.MoveNext() ? Mark.Empty : parser.Current!.Start;
        if (depth > GreatestDepth)
            throw new LimitException(start, $"lists and maps stand more than {GreatestDepth} deep inside each other");
        lastLine = Math.Max(lastLine, At(start).Line);
        if (++nodes > GreatestNodes)
            throw new LimitException(start, $"the file holds more than {GreatestNodes} values");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            Report(alias.Start, DiagnosticCodes.Yaml, $"the alias '*{alias.Value}' is not supported", AliasHint);
            return new ScalarNode(At(alias.Start), "", Plain: false) { Open = true };
        }
        if (parser.Current is not NodeEvent value)
            throw new YamlException(start, start, "a value is missing here");
        Refuse(value);
        if (parser.TryConsume<Scalar>(out var scalar))
            return ReadScalar(scalar);
        return parser.TryConsume<SequenceStart>(out var list)
            ? ReadList(list, depth)
            : ReadMap(parser.Consume<MappingStart>(), depth);
    }

    private ScalarNode ReadScalar(Scalar scalar)
    {
        if (scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded)
            blockTexts.Add((At(scalar.Start).Line, At(scalar.End).Line));
        lastLine = Math.Max(lastLine, At(scalar.End).Line);
        if (Unfit(scalar.Value) is { } unfit)
            Report(scalar.Start, DiagnosticCodes.Encoding, $"the character U+{(int)unfit:X4} cannot stand in a text");
        return new ScalarNode(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    /// <summary>What only an escape can write, and no file name, no argument and no JSON can hold: nothing, and half of a pair.</summary>
    private static char? Unfit(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
                return text[i];
        }
        return null;
    }

    private ListNode ReadList(SequenceStart start, int depth)
    {
        var elements = ImmutableArray.CreateBuilder<Node>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            elements.Add(ReadNode(depth + 1));
        return new ListNode(At(start.Start), elements.ToImmutable());
    }

    private MapNode ReadMap(MappingStart start, int depth)
    {
        var members = ImmutableArray.CreateBuilder<Member>();
        var keys = new Dictionary<string, SourcePosition>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not ScalarNode { Open: false } name || name.Text.Length == 0)
                problems.Report(DiagnosticCodes.Yaml, key.At, "a key must be a text");
            else if (!keys.TryAdd(name.Text, name.At))
                ReportDuplicate(name, keys[name.Text]);
            else
                members.Add(new Member(name.Text, name.At, value));
        }
        return new MapNode(At(start.Start), members.ToImmutable());
    }

    private void ReportDuplicate(ScalarNode key, SourcePosition first) =>
        problems.Report(
            DiagnosticCodes.DuplicateKey,
            key.At,
            $"the key '{key.Text}' stands twice",
            $"the first is in line {first.Line}"
        );

    private const string AliasHint = "write the value where it is needed, or use 'each', 'use' or ${env.name}";

    private void Refuse(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            Report(node.Start, DiagnosticCodes.Yaml, $"the anchor '&{node.Anchor.Value}' is not supported", AliasHint);
        if (!node.Tag.IsEmpty)
            Report(node.Start, DiagnosticCodes.Yaml, $"the tag '{node.Tag.Value}' is not supported", "leave it out");
    }

    private void ReportSyntax(YamlException e) =>
        Report(e.Start, DiagnosticCodes.Yaml, $"this is no YAML: {e.Message.TrimEnd('.')}");

    /// <summary>Tabs in indentations, which YAML readers explain badly, or not at all.</summary>
    private List<SourcePosition> Tabs()
    {
        var tabs = new List<SourcePosition>();
        if (!source.Text.Contains('\t', StringComparison.Ordinal))
            return tabs;
        var block = 0;
        for (var line = 1; line <= lines.Count; line++)
        {
            var text = lines.Line(line);
            while (block < blockTexts.Count && blockTexts[block].Last <= line)
                block++;
            var inBlock = block < blockTexts.Count && blockTexts[block].First < line;
            var tab = text.IndexOf('\t');
            if (!inBlock && tab >= 0 && !text[..tab].ContainsAnyExcept(' ') && !text.IsWhiteSpace())
                tabs.Add(new SourcePosition(source.Shown, line, tab + 1));
        }
        return tabs;
    }

    private void ReportTab(SourcePosition at) =>
        problems.Report(DiagnosticCodes.Yaml, at, "a tab in the indentation", "indent with spaces");

    private void Report(Mark mark, string code, string message, string? hint = null) =>
        problems.Report(code, At(mark), message, hint);

    private SourcePosition At(Mark mark) => lines.At(mark.Index);

    private sealed class LimitException(Mark at, string message) : YamlException(at, at, message);
}
