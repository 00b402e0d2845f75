using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Planning.Yaml;

namespace Belay.Planning.Scopes;

/// <summary>Puts the values of <c>${env.x}</c>, <c>${inputs.x}</c>, <c>${from}</c> and <c>${to}</c> in place, and leaves to the run what only the run knows.</summary>
internal sealed class TextResolver(Problems problems, EnvironmentFile environment)
{
    /// <summary>The releases, once they are known.</summary>
    public (string From, string To)? Releases { get; set; }

    /// <summary>The value with everything in place that is known.</summary>
    public Node Resolve(Node node, FileScope scope) =>
        node switch
        {
            ScalarNode scalar when scalar.Text.Contains("${", StringComparison.Ordinal) => Resolve(scalar, scope),
            ListNode list => list with { Elements = Changed(list.Elements, e => Resolve(e, scope)) },
            MapNode map => map with
            {
                Members = Changed(
                    map.Members,
                    m =>
                        Resolve(m.Value, scope) is var value && ReferenceEquals(value, m.Value)
                            ? m
                            : m with
                            {
                                Value = value,
                            }
                ),
            },
            _ => node,
        };

    private static ImmutableArray<T> Changed<T>(ImmutableArray<T> items, Func<T, T> change)
        where T : class
    {
        ImmutableArray<T>.Builder? changed = null;
        for (var i = 0; i < items.Length; i++)
        {
            var item = change(items[i]);
            if (changed is null && !ReferenceEquals(item, items[i]))
                changed = items.ToBuilder();
            changed?[i] = item;
        }
        return changed?.ToImmutable() ?? items;
    }

    private Node Resolve(ScalarNode scalar, FileScope scope)
    {
        var pieces = TextPieces.Of(scalar, problems);
        if (pieces.IsEmpty)
            return scalar with { Open = true };
        if (pieces is [{ Reference: { } alone }])
            return Lookup(alone, scalar, scope) switch
            {
                ScalarNode { Open: true } open => open with { At = scalar.At, Alone = true },
                var value => value with { At = scalar.At },
            };
        return Join(scalar, [.. pieces.SelectMany(piece => Put(piece, scalar, scope))]);
    }

    private static ScalarNode Join(ScalarNode scalar, ImmutableArray<Piece> pieces) =>
        scalar with
        {
            Text = TextPieces.Write(pieces.Select(p => p.Text)),
            Plain = scalar.Plain && pieces is [{ Text.Reference: null }],
            Waiting = [.. pieces.Where(p => p.Text.Reference is not null).Select(p => p.Text.Reference!)],
            Open = pieces.Any(p => p.Unknown || p.Text.Reference is not null),
            Alone = false,
        };

    private IEnumerable<Piece> Put(TextPiece piece, ScalarNode scalar, FileScope scope)
    {
        if (piece.Reference is not { } reference)
            return [new Piece(piece, Unknown: false)];
        var value = Lookup(reference, scalar, scope);
        if (value is ScalarNode single)
            return TextPieces.Of(single, problems).Select(p => new Piece(p, single is { Open: true, Waiting: [] }));
        problems.Report(
            DiagnosticCodes.Reference,
            scalar.At,
            $"{reference} is {value.What}: it cannot stand inside a longer text"
        );
        return [new Piece(new TextPiece("", null, 0), Unknown: true)];
    }

    private Node Lookup(Reference reference, ScalarNode scalar, FileScope scope) =>
        reference switch
        {
            { Root: "env", Path: [_, ..] } => Inside(reference, environment.Values, scalar, "values", EnvironmentHint),
            { Root: "inputs", Path: [var name, .. var path] } => Input(reference, name, path, scalar, scope),
            { Root: "from", Path: [] } => Release(Releases?.From, scalar),
            { Root: "to", Path: [] } => Release(Releases?.To, scalar),
            { Root: "run", Path: ["date" or "id"] } => Wait(reference, scalar),
            { Root: Reference.Steps, Path: [var step, _, ..] } => Wait(
                reference with
                {
                    Path = reference.Path.SetItem(0, scope.InPlan(step)),
                },
                scalar
            ),
            { Root: Reference.Secret } => Secret(reference, scalar),
            _ when scope.Loops.TryGetValue(reference.Root, out var members) => Member(reference, members, scalar),
            _ => Unknown(reference, scalar, scope),
        };

    private string EnvironmentHint => $"give it under 'values' in environments/{environment.Name}.yaml";

    private Node Input(
        Reference reference,
        string name,
        ImmutableArray<string> path,
        ScalarNode scalar,
        FileScope scope
    )
    {
        if (scope.Inputs.TryGetValue(name, out var value))
            return path.IsEmpty ? value : Inside(reference with { Path = path }, value, scalar, "keys", null);
        return Bad(
            scalar,
            $"{reference}: there is no input '{name}'",
            problems.Nearest.Hint(name, [.. scope.Inputs.Keys], "inputs") ?? "declare it under 'inputs'"
        );
    }

    private Node Inside(Reference reference, Node? value, ScalarNode scalar, string plural, string? otherwise)
    {
        foreach (var name in reference.Path)
        {
            var inner = value switch
            {
                MapNode map => map.Find(name),
                ListNode list when int.TryParse(name, out var index) && index >= 0 && index < list.Elements.Length =>
                    list.Elements[index],
                _ => null,
            };
            if (inner is null)
                return Bad(
                    scalar,
                    $"{reference}: there is no '{name}'",
                    problems.Nearest.Hint(
                        name,
                        value is MapNode known ? [.. known.Members.Select(m => m.Key)] : [],
                        plural
                    ) ?? otherwise
                );
            value = inner;
        }
        return value is ScalarNode single ? WithSecrets(single) : value!;
    }

    /// <summary>A value of the environment may itself hold secrets, which wait for their use.</summary>
    private ScalarNode WithSecrets(ScalarNode value)
    {
        if (value.Open || !value.Text.Contains("${", StringComparison.Ordinal))
            return value;
        var waiting = TextPieces.Of(value, problems).Select(p => p.Reference).OfType<Reference>().ToImmutableArray();
        return value with { Waiting = waiting, Open = !waiting.IsEmpty };
    }

    private ScalarNode Secret(Reference reference, ScalarNode scalar)
    {
        if (environment.Secrets.ContainsKey(reference.Path[0]))
            return Wait(reference, scalar);
        problems.Report(
            DiagnosticCodes.Secret,
            scalar.At,
            $"the environment '{environment.Name}' has no secret '{reference.Path[0]}'",
            problems.Nearest.Hint(reference.Path[0], environment.Secrets.Keys, "secrets")
                ?? $"name it under 'secrets' in environments/{environment.Name}.yaml"
        );
        return scalar with { Open = true };
    }

    private ScalarNode Member(Reference reference, ListNode? members, ScalarNode scalar)
    {
        foreach (var member in members?.Elements ?? [])
        {
            var before = problems.Count;
            Inside(reference, member, scalar, "keys", $"the member in line {member.At.Line} does not have it");
            if (problems.Count > before)
                return scalar with { Open = true };
        }
        return Wait(reference, scalar);
    }

    private ScalarNode Unknown(Reference reference, ScalarNode scalar, FileScope scope) =>
        reference.Root switch
        {
            "from" or "to" => Bad(scalar, $"{reference} has nothing inside", $"write ${{{reference.Root}}}"),
            "run" => Bad(scalar, $"there is no {reference}", "known are ${run.date} and ${run.id}"),
            Reference.Steps => Bad(scalar, $"{reference} names no output", "write ${steps.ID.FIELD}"),
            "env" or "inputs" => Bad(scalar, $"{reference} names no value", $"write ${{{reference.Root}.NAME}}"),
            _ => Bad(
                scalar,
                $"nothing is called '{reference.Root}' here",
                problems.Nearest.Hint(reference.Root, [.. Reference.Roots, .. scope.Loops.Keys], "names")
            ),
        };

    private static ScalarNode Release(string? release, ScalarNode scalar) =>
        release is null
            ? scalar with
            {
                Open = true,
            }
            : scalar with
            {
                Text = release.Replace("${", "$${", StringComparison.Ordinal),
                Plain = false,
            };

    private static ScalarNode Wait(Reference reference, ScalarNode scalar) =>
        scalar with
        {
            Text = reference.ToString(),
            Waiting = [reference],
            Open = true,
        };

    private ScalarNode Bad(ScalarNode scalar, string message, string? hint)
    {
        problems.Report(DiagnosticCodes.Reference, scalar.At, message, hint);
        return scalar with { Open = true };
    }

    private readonly record struct Piece(TextPiece Text, bool Unknown);
}
