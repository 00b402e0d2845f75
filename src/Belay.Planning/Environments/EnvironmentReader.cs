using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Inputs;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Environments;

/// <summary>Reads <c>environments/NAME.yaml</c>: <c>connections</c>, <c>secrets</c>, <c>values</c>, <c>roles</c>, <c>people</c>, <c>policies</c>, <c>accept</c>, <c>parking</c>, <c>shared</c>.</summary>
internal sealed class EnvironmentReader : IInputNames
{
    private readonly Problems problems;
    private readonly Catalog catalog;
    private readonly UsedFiles files;
    private readonly Func<string, string?> variables;
    private HashSet<string> secretNames = [];

    private EnvironmentReader(Problems problems, Catalog catalog, UsedFiles files, Func<string, string?> variables)
    {
        this.problems = problems;
        this.catalog = catalog;
        this.files = files;
        this.variables = variables;
    }

    public static EnvironmentFile Read(
        string name,
        Node root,
        Problems problems,
        Catalog catalog,
        UsedFiles files,
        Func<string, string?> variables
    ) => new EnvironmentReader(problems, catalog, files, variables).Read(name, root);

    private EnvironmentFile Read(string name, Node root)
    {
        if (root is not MapNode map)
        {
            problems.Report(
                DiagnosticCodes.WrongValue,
                root.At,
                $"expected an environment, not {root.What}",
                "an environment file is a map with 'connections', 'secrets' and 'values'"
            );
            return new EnvironmentFile(name);
        }
        var fields = new Fields(map, problems);
        var secrets = ReadSecrets(fields.Map("secrets"));
        secretNames = [.. secrets.Keys];
        var values = fields.Map("values");
        if (values is not null)
            CheckReferences(values);
        var house = new HouseRulesReader(fields, problems).Read();
        var environment = new EnvironmentFile(name)
        {
            Secrets = secrets,
            Values = values,
            Connections = ReadConnections(fields.Map("connections")),
            Shared = fields.Flag("shared"),
            Roles = ReadRoles(fields, fields.Map("roles")),
            House = house,
            ParkAfter = ReadParking(fields.Map("parking")),
            Signers = new PeopleReader(problems, files).Read(fields.Map("people"), house.Policies.SignaturesRequired),
        };
        fields.End();
        return environment;
    }

    private TimeSpan? ReadParking(MapNode? parking)
    {
        if (parking is null)
            return null;
        var fields = new Fields(parking, problems);
        var after = fields.Time("after");
        fields.End();
        return after;
    }

    private FrozenDictionary<string, SecretSource> ReadSecrets(MapNode? secrets)
    {
        var sources = new Dictionary<string, SecretSource>();
        foreach (var member in secrets?.Members ?? [])
        {
            if (
                member.Value is MapNode
                {
                    Members: [{ Key: "env" or "file", Value: ScalarNode { Text.Length: > 0 } from } how]
                }
            )
            {
                sources[member.Key] =
                    how.Key == "env"
                        ? new SecretSource.Variable(from.Text, variables)
                        : new SecretSource.InFile(Path.GetFullPath(from.Text, files.PlanFolder));
            }
            else
            {
                problems.Report(
                    DiagnosticCodes.WrongValue,
                    member.Value.At,
                    $"expected where the secret '{member.Key}' comes from",
                    "write { env: VARIABLE } or { file: PATH }; the value itself never stands here"
                );
            }
        }
        return sources.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, ImmutableArray<string>> ReadRoles(Fields fields, MapNode? roles) =>
        (roles?.Members ?? []).ToFrozenDictionary(
            role => role.Key,
            role =>
                fields.AsList(role.Value) is { } people
                    ? people.Elements.Select(fields.AsText).OfType<string>().ToImmutableArray()
                    : []
        );

    private FrozenDictionary<string, NamedConnection> ReadConnections(MapNode? connections)
    {
        var named = new Dictionary<string, NamedConnection>();
        foreach (var member in connections?.Members ?? [])
        {
            if (member.Value is not MapNode map)
            {
                problems.Report(
                    DiagnosticCodes.WrongValue,
                    member.Value.At,
                    $"expected the connection '{member.Key}', not {member.Value.What}",
                    "write { kind: haproxy, ... } with the settings of that kind"
                );
            }
            else if (ReadConnection(map) is { } connection)
            {
                named[member.Key] = connection;
            }
        }
        return named.ToFrozenDictionary();
    }

    private NamedConnection? ReadConnection(MapNode map)
    {
        var kinds = catalog.Connectors.Where(c => c.Connection is not null).Select(c => c.Name).ToArray();
        var fields = new Fields(map, problems);
        var kindAt = fields.Required("kind", $"one of {string.Join(", ", kinds)}");
        if (kindAt is null || fields.AsText(kindAt) is not { } kind)
            return null;
        if (catalog.FindConnector(kind) is not { Connection: { } definition })
        {
            problems.Report(
                DiagnosticCodes.Connection,
                kindAt.At,
                $"there is no kind of connection '{kind}'",
                problems.Nearest.Hint(kind, kinds, "kinds")
            );
            return null;
        }
        var before = problems.Count;
        var shape = ShapeBuilder.Build(TypeSchema.Of(definition.Settings));
        var written = map with { Members = map.Members.RemoveAll(m => m.Key == "kind") };
        var settings = new InputReader(problems, this, from: null).Read(WithSecrets(written), shape);
        if (problems.Count == before)
            CheckFit(settings, definition, map);
        return new NamedConnection(kind, definition, settings);
    }

    /// <summary>What only the type itself knows, such as the range of a number; not where a secret waits.</summary>
    private void CheckFit(JsonElement settings, ConnectionDefinition definition, MapNode map)
    {
        if (settings.GetRawText().Contains("${", StringComparison.Ordinal))
            return;
        try
        {
            settings.Deserialize(definition.Settings);
        }
        catch (JsonException e)
        {
            problems.Report(DiagnosticCodes.WrongValue, map.At, $"the settings do not fit: {e.Message}");
        }
    }

    private Node WithSecrets(Node node) =>
        node switch
        {
            MapNode map => map with { Members = [.. map.Members.Select(m => m with { Value = WithSecrets(m.Value) })] },
            ListNode list => list with { Elements = [.. list.Elements.Select(WithSecrets)] },
            ScalarNode scalar when Secrets(scalar) is { Length: > 0 } waiting => scalar with
            {
                Open = true,
                Waiting = [.. waiting],
            },
            _ => node,
        };

    private void CheckReferences(Node node)
    {
        foreach (var scalar in Scalars(node))
            Secrets(scalar);
    }

    private static IEnumerable<ScalarNode> Scalars(Node node) =>
        node switch
        {
            MapNode map => map.Members.SelectMany(m => Scalars(m.Value)),
            ListNode list => list.Elements.SelectMany(Scalars),
            ScalarNode scalar => [scalar],
            _ => [],
        };

    /// <summary>The references of a text, all of them to secrets that exist; others are reported.</summary>
    private Reference[] Secrets(ScalarNode scalar)
    {
        var references = TextPieces.Of(scalar, problems).Select(p => p.Reference).OfType<Reference>().ToArray();
        foreach (var reference in references)
        {
            if (reference.Root != Reference.Secret)
            {
                problems.Report(
                    DiagnosticCodes.Reference,
                    scalar.At,
                    $"{reference} cannot stand in an environment file",
                    "only ${secret:NAME} can"
                );
            }
            else if (!secretNames.Contains(reference.Path[0]))
            {
                problems.Report(
                    DiagnosticCodes.Secret,
                    scalar.At,
                    $"there is no secret '{reference.Path[0]}'",
                    problems.Nearest.Hint(reference.Path[0], secretNames, "secrets")
                        ?? "name it under 'secrets' with where it comes from"
                );
            }
        }
        return references;
    }

    void IInputNames.Connection(ScalarNode name, string kind) { }

    void IInputNames.File(ScalarNode path) { }

    // A connection is where secrets belong.
    void IInputNames.Waiting(Reference reference, ScalarNode text, Shape shape, StepPlace? from) { }
}
