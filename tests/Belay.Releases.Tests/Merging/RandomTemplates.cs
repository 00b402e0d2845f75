using System.Text;

namespace Belay.Releases.Tests.Merging;

/// <summary>Random templates, what operators make of them, and what new releases make of them.</summary>
internal sealed class RandomTemplates(Random random)
{
    private static readonly string[] Names = ["host", "port", "image", "tag", "cache", "limits", "memory", "replicas"];

    /// <summary>A single value, a map, a list of values, or a list of maps with names.</summary>
    public abstract record Value
    {
        public sealed record Single(string Text) : Value;

        public sealed record Map(List<Member> Members) : Value;

        public sealed record List(List<string> Elements) : Value;

        public sealed record Named(List<Map> Elements) : Value;
    }

    /// <summary>A key with the comment above it.</summary>
    public sealed record Member(string Name, string? Comment, Value Value);

    public Value.Map Template(bool isFlat) => Map(isFlat ? 0 : 3, isFlat);

    /// <summary>The template as somebody changed it.</summary>
    public Value.Map Changed(Value.Map map, bool isFlat, int changes)
    {
        for (var i = 0; i < changes; i++)
            map = Change(map, isFlat ? 0 : 3, isFlat);
        return map;
    }

    private Value.Map Change(Value.Map map, int depth, bool isFlat)
    {
        var members = map.Members.ToList();
        var at = members.Count == 0 ? 0 : random.Next(members.Count);
        switch (members.Count == 0 ? 0 : random.Next(7))
        {
            case 0:
                members.Insert(at, Fresh(members, depth, isFlat));
                break;
            case 1:
                members.RemoveAt(at);
                break;
            case 2:
                members[at] = members[at] with { Comment = Comment() };
                break;
            case 3 when members.Count > 1:
                members.Reverse(0, 2);
                break;
            default:
                members[at] = members[at] with { Value = Change(members[at].Value, depth - 1) };
                break;
        }
        return new Value.Map(members);
    }

    private Value Change(Value value, int depth) =>
        value switch
        {
            Value.Map map => Change(map, depth, isFlat: false),
            Value.List list when list.Elements.Count > 0 && random.Next(2) == 0 => new Value.List([
                .. list.Elements.Where((_, i) => i != 0),
            ]),
            Value.List list => new Value.List([.. list.Elements, Text()]),
            Value.Named named when named.Elements.Count > 0 => new Value.Named([
                Change(named.Elements[0], 0, isFlat: true),
                .. named.Elements.Skip(1),
            ]),
            _ => new Value.Single(Text()),
        };

    private Value.Map Map(int depth, bool isFlat)
    {
        var members = new List<Member>();
        for (var i = random.Next(1, 5); i > 0; i--)
            members.Add(Fresh(members, depth, isFlat));
        return new Value.Map(members);
    }

    private Member Fresh(List<Member> known, int depth, bool isFlat)
    {
        string name;
        do
        {
            name = Names[random.Next(Names.Length)] + random.Next(4);
        } while (known.Exists(member => member.Name == name));
        return new Member(name, Comment(), Any(depth, isFlat));
    }

    private Value Any(int depth, bool isFlat) =>
        depth <= 0 || isFlat
            ? new Value.Single(Text())
            : random.Next(5) switch
            {
                0 => Map(depth - 1, isFlat: false),
                1 => new Value.List([.. Enumerable.Range(0, random.Next(4)).Select(_ => Text())]),
                2 => new Value.Named([
                    .. Enumerable
                        .Range(0, random.Next(1, 3))
                        .Select(i => new Value.Map([
                            new Member("name", null, new Value.Single($"n{i}")),
                            new Member("value", null, new Value.Single(Text())),
                        ])),
                ]),
                _ => new Value.Single(Text()),
            };

    private string Text() => $"v{random.Next(30)}";

    private string? Comment() => random.Next(3) == 0 ? $"about {random.Next(20)}" : null;

    public static string Yaml(Value.Map map)
    {
        var text = new StringBuilder("# Settings of the shop\n\n");
        Yaml(text, map, 0);
        return text.ToString();
    }

    private static void Yaml(StringBuilder text, Value.Map map, int depth)
    {
        var indent = new string(' ', depth);
        foreach (var (name, comment, value) in map.Members)
        {
            if (comment is not null)
                text.Append(indent).Append("# ").Append(comment).Append('\n');
            text.Append(indent).Append(name).Append(':');
            switch (value)
            {
                case Value.Single single:
                    text.Append(' ').Append(single.Text).Append('\n');
                    break;
                case Value.Map { Members.Count: 0 }:
                    text.Append(" {}\n");
                    break;
                case Value.Map inner:
                    text.Append('\n');
                    Yaml(text, inner, depth + 2);
                    break;
                case Value.List list when list.Elements.Count % 2 == 0:
                    text.Append($" [{string.Join(", ", list.Elements)}]\n");
                    break;
                case Value.List list:
                    text.Append('\n');
                    list.Elements.ForEach(e => text.Append(indent).Append("  - ").Append(e).Append('\n'));
                    break;
                case Value.Named named:
                    text.Append('\n');
                    foreach (var element in named.Elements)
                    {
                        var inner = new StringBuilder();
                        Yaml(
                            inner,
                            element with
                            {
                                Members = element.Members.ConvertAll(m => m with { Comment = null }),
                            },
                            depth + 2
                        );
                        text.Append(indent)
                            .Append(inner.Length == 0 ? "- {}\n" : "- ")
                            .Append(inner.ToString().TrimStart());
                    }
                    break;
                default:
                    throw new InvalidOperationException();
            }
        }
    }

    public static string Json(Value.Map map) => Json(map, 0) + "\n";

    private static string Json(Value value, int depth)
    {
        var indent = new string(' ', depth + 2);
        var lines = value switch
        {
            Value.Single single => [],
            Value.Map map => map.Members.Select(m => $"\"{m.Name}\": {Json(m.Value, depth + 2)}"),
            Value.List list => list.Elements.Select(e => $"\"{e}\""),
            Value.Named named => named.Elements.Select(e => Json(e, depth + 2)),
            _ => throw new InvalidOperationException(),
        };
        var inner = string.Join(",\n", lines.Select(line => indent + line));
        var (open, close) = value is Value.Map ? ('{', '}') : ('[', ']');
        return value is Value.Single text ? $"\"{text.Text}\""
            : inner.Length == 0 ? $"{open}{close}"
            : $"{open}\n{inner}\n{indent[2..]}{close}";
    }

    public static string Hcl(Value.Map map) => "# Variables of the shop\n\n" + Hcl(map, 0);

    private static string Hcl(Value.Map map, int depth)
    {
        var indent = new string(' ', depth);
        return string.Concat(
            map.Members.Select(m =>
                (m.Comment is null ? "" : $"{indent}# {m.Comment}\n") + $"{indent}{m.Name} = {Hcl(m.Value, depth)}\n"
            )
        );
    }

    private static string Hcl(Value value, int depth) =>
        value switch
        {
            Value.Single single => $"\"{single.Text}\"",
            Value.Map map => $"{{\n{Hcl(map, depth + 2)}{new string(' ', depth)}}}",
            Value.List list => $"[{string.Join(", ", list.Elements.Select(e => $"\"{e}\""))}]",
            Value.Named named => $"[{string.Join(", ", named.Elements.Select(e => $"\"{e.Members.Count}\""))}]",
            _ => throw new InvalidOperationException(),
        };

    /// <summary>Lines of names and values, for the formats that have nothing else.</summary>
    public static string Lines(Value.Map map) =>
        string.Concat(
            map.Members.Select(m =>
                (m.Comment is null ? "" : $"# {m.Comment}\n") + $"{m.Name}={((Value.Single)m.Value).Text}\n"
            )
        );
}
