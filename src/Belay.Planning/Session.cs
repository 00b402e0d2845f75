using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Inputs;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning;

/// <summary>What the reading of one plan shares.</summary>
internal sealed class Session : IInputNames
{
    public Session(Problems problems, Catalog catalog, EnvironmentFile environment, UsedFiles files)
    {
        Problems = problems;
        Catalog = catalog;
        Environment = environment;
        Files = files;
        Texts = new TextResolver(problems, environment);
        Steps = new StepTable(problems, Shapes);
    }

    public Problems Problems { get; }

    public Catalog Catalog { get; }

    public EnvironmentFile Environment { get; }

    public UsedFiles Files { get; }

    public TextResolver Texts { get; }

    public Shapes Shapes { get; } = new();

    public StepTable Steps { get; }

    public ImmutableDictionary<string, SourcePosition>.Builder Sources { get; } =
        ImmutableDictionary.CreateBuilder<string, SourcePosition>();

    /// <summary>What the plan states of components; null: nothing.</summary>
    public CompatibilityFacts? Compatibility { get; set; }

    public List<LeftOut> LeftOut { get; } = [];

    public HashSet<string> Watches { get; } = [];

    public Fields Fields(MapNode map, FileScope scope) => new(map, Problems, node => Texts.Resolve(node, scope));

    void IInputNames.Connection(ScalarNode name, string kind)
    {
        if (!Environment.Connections.TryGetValue(name.Text, out var connection))
        {
            Problems.Report(
                DiagnosticCodes.Connection,
                name.At,
                $"the environment '{Environment.Name}' has no connection '{name.Text}'",
                Problems.Nearest.Hint(name.Text, Environment.Connections.Keys, "connections")
                    ?? $"name it under 'connections' in environments/{Environment.Name}.yaml"
            );
        }
        else if (connection.Kind != kind)
        {
            Problems.Report(
                DiagnosticCodes.Connection,
                name.At,
                $"the connection '{name.Text}' is of the kind {connection.Kind}, and {kind} is needed"
            );
        }
    }

    void IInputNames.File(ScalarNode path) => Files.Add(path, Problems);

    void IInputNames.Waiting(Reference reference, ScalarNode text, Shape shape, StepPlace? from)
    {
        if (reference.Root == Reference.Steps)
        {
            CheckOutput(reference, text, shape, from);
        }
        else if (reference.Root == Reference.Secret && shape is not Shape.Secret)
        {
            Problems.Report(
                DiagnosticCodes.Secret,
                text.At,
                $"the secret '{reference.Path[0]}' would be seen here",
                "a secret can stand only where an input is a secret, or in a connection of the environment"
            );
        }
        else if (reference.Root == Reference.Secret && !text.Alone)
        {
            Problems.Report(
                DiagnosticCodes.Secret,
                text.At,
                $"the secret '{reference.Path[0]}' cannot be part of a longer text",
                "make the whole text one secret"
            );
        }
    }

    private void CheckOutput(Reference reference, ScalarNode text, Shape shape, StepPlace? from)
    {
        if (from is not null)
        {
            Steps.Refer(reference, text.At, from, shape is Shape.Secret);
        }
        else
        {
            Problems.Report(
                DiagnosticCodes.Reference,
                text.At,
                $"{reference} is not known here: a watch begins before the first step"
            );
        }
    }
}
