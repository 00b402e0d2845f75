using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Belay.Formats;

/// <summary>A node of a YAML document with its place in the text, in characters.</summary>
internal abstract record YamlNode(int Start, int End)
{
    /// <summary>No file of people is nested deeper.</summary>
    private const int Deepest = 100;

    /// <summary>The root of the one document; null when the text holds none.</summary>
    /// <exception cref="YamlException">The text is no YAML.</exception>
    /// <exception cref="ValueFormatException">It holds several documents.</exception>
    public static YamlNode? Read(string text)
    {
        var documents = ReadAll(text);
        return documents.Length <= 1
            ? documents.FirstOrDefault()
            : throw new ValueFormatException("holds several documents: only files of one document are edited in place");
    }

    /// <summary>The roots of all documents.</summary>
    /// <exception cref="YamlException">The text is no YAML.</exception>
    public static ImmutableArray<YamlNode> ReadAll(string text)
    {
        var roots = ImmutableArray.CreateBuilder<YamlNode>();
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            parser.Consume<DocumentStart>();
            roots.Add(ReadNode(parser, 0));
            parser.Consume<DocumentEnd>();
        }
        return roots.ToImmutable();
    }

    private static YamlNode ReadNode(Parser parser, int depth)
    {
        if (depth > Deepest)
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"nested deeper than {Deepest}");
        switch (parser.Consume<ParsingEvent>())
        {
            case Scalar scalar:
                return new YamlScalar(At(scalar.Start), At(scalar.End), scalar.Value, scalar.Style)
                {
                    IsDecorated = !scalar.Anchor.IsEmpty || !scalar.Tag.IsEmpty,
                };
            case AnchorAlias alias:
                return new YamlAlias(At(alias.Start), At(alias.End));
            case SequenceStart sequence:
                return ReadSequence(parser, sequence, depth);
            case MappingStart mapping:
                return ReadMapping(parser, mapping, depth);
            case var other:
                throw new YamlException(other.Start, other.End, "unexpected event");
        }
    }

    private static YamlSequence ReadSequence(Parser parser, SequenceStart start, int depth)
    {
        var elements = ImmutableArray.CreateBuilder<YamlNode>();
        while (!parser.Accept<SequenceEnd>(out _))
            elements.Add(ReadNode(parser, depth + 1));
        var end = parser.Consume<SequenceEnd>();
        return new YamlSequence(
            At(start.Start),
            start.Style == SequenceStyle.Flow || elements.Count == 0 ? At(end.End) : elements[^1].End,
            elements.ToImmutable(),
            start.Style == SequenceStyle.Flow
        );
    }

    private static YamlMapping ReadMapping(Parser parser, MappingStart start, int depth)
    {
        var members = ImmutableArray.CreateBuilder<YamlMember>();
        while (!parser.Accept<MappingEnd>(out _))
        {
            var at = parser.Current!.Start;
            var name = ReadNode(parser, depth + 1);
            members.Add(
                new YamlMember((name as YamlScalar)?.Value, ReadNode(parser, depth + 1), (int)at.Column - 1)
                {
                    KeyStart = name.Start,
                    KeyEnd = name.End,
                }
            );
        }
        var end = parser.Consume<MappingEnd>();
        var isFlow = start.Style == MappingStyle.Flow;
        var lastEnd = members.Count == 0 ? At(start.Start) : members[^1].Value.End;
        return new YamlMapping(At(start.Start), isFlow ? At(end.End) : lastEnd, members.ToImmutable(), isFlow)
        {
            LastEnd = lastEnd,
        };
    }

    private static int At(Mark mark) => (int)mark.Index;
}

/// <summary>A single value, as it is written.</summary>
internal sealed record YamlScalar(int Start, int End, string Value, ScalarStyle Style) : YamlNode(Start, End)
{
    /// <summary>It carries an anchor or a tag, which belong to its place in the text.</summary>
    public bool IsDecorated { get; init; }
}

/// <summary>A reference to an anchor.</summary>
internal sealed record YamlAlias(int Start, int End) : YamlNode(Start, End);

/// <summary>A list.</summary>
internal sealed record YamlSequence(int Start, int End, ImmutableArray<YamlNode> Elements, bool IsFlow)
    : YamlNode(Start, End);

/// <summary>A mapping.</summary>
internal sealed record YamlMapping(int Start, int End, ImmutableArray<YamlMember> Members, bool IsFlow)
    : YamlNode(Start, End)
{
    /// <summary>Where the last member's value ends.</summary>
    public required int LastEnd { get; init; }

    /// <summary>The column, from 0, in which its members begin.</summary>
    public int Indent => Members.IsEmpty ? 0 : Members[0].Column;
}

/// <summary>A member of a mapping.</summary>
/// <param name="Name">Its key; null when that is no single value.</param>
/// <param name="Value">Its value.</param>
/// <param name="Column">The column, from 0, in which the key begins.</param>
internal sealed record YamlMember(string? Name, YamlNode Value, int Column)
{
    /// <summary>Where the key begins.</summary>
    public required int KeyStart { get; init; }

    /// <summary>Where the key ends.</summary>
    public required int KeyEnd { get; init; }
}
