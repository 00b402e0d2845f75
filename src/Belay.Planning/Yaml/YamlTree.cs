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
    private readonly Parser parser;
    private readonly List<(long First, long Last)> blockTexts = [];
    private int nodes;

    private YamlTree(SourceText source, Problems problems)
    {
        this.source = source;
        this.problems = problems;
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
        catch (YamlException e)
        {
            broken = At(e.Start);
            ReportSyntax(e);
        }
        ReportTabs(broken);
        return problems.Count > before ? null : root;
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
        if (++nodes > GreatestNodes)
            throw new LimitException(start, $"the file holds more than {GreatestNodes} values");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            Report(alias.Start, DiagnosticCodes.Yaml, $"the alias '*{alias.Value}' is not supported", AliasHint);
            return new ScalarNode(At(alias.Start), "", Plain: false) { Open = true };
        }
        Refuse((NodeEvent)parser.Current!);
        if (parser.TryConsume<Scalar>(out var scalar))
            return ReadScalar(scalar);
        return parser.TryConsume<SequenceStart>(out var list)
            ? ReadList(list, depth)
            : ReadMap(parser.Consume<MappingStart>(), depth);
    }

    private ScalarNode ReadScalar(Scalar scalar)
    {
        if (scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded)
            blockTexts.Add((scalar.Start.Line, scalar.End.Line));
        return new ScalarNode(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
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

    /// <summary>A tab in an indentation is an error that YAML readers explain badly, or not at all.</summary>
    private void ReportTabs(SourcePosition? broken)
    {
        if (!source.Text.Contains('\t', StringComparison.Ordinal))
            return;
        var line = 0;
        foreach (var text in source.Text.AsSpan().EnumerateLines())
        {
            line++;
            var tab = text.IndexOf('\t');
            if (tab < 0 || text[..tab].ContainsAnyExcept(' ') || text.IsWhiteSpace())
                continue;
            if ((broken is null || line <= broken.Line) && !blockTexts.Exists(t => t.First < line && line < t.Last))
                Report(line, tab + 1, "a tab in the indentation");
        }

        void Report(int atLine, int column, string message) =>
            problems.Report(
                DiagnosticCodes.Yaml,
                new SourcePosition(source.Shown, atLine, column),
                message,
                "indent with spaces"
            );
    }

    private void Report(Mark mark, string code, string message, string? hint = null) =>
        problems.Report(code, At(mark), message, hint);

    private SourcePosition At(Mark mark) =>
        new(source.Shown, Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private sealed class LimitException(Mark at, string message) : YamlException(at, at, message);
}
