using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Formats;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.env-keys</c>.</summary>
public sealed record EnvKeysInputs
{
    /// <summary>The example file of the new release. A variable with a value there has a default and may be missing; one without, or with a placeholder, is required.</summary>
    [FileInput]
    public required string Example { get; init; }

    /// <summary>The file of variables that the service reads.</summary>
    public required string Environment { get; init; }

    /// <summary>Whether the values of the example are samples and no defaults: then every variable of it is required. Default false.</summary>
    public bool Samples { get; init; }

    /// <summary>Variables that are required although the example has a value for them.</summary>
    public ImmutableArray<string> Required { get; init; } = [];
}

/// <summary>What <c>files.env-keys</c> sees. Names only, never a value.</summary>
public sealed record EnvKeysState
{
    /// <summary>The variables that are required.</summary>
    public required ImmutableArray<string> Required { get; init; }

    /// <summary>Those of them that the file does not have.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>Those of them that are empty, or still a placeholder such as <c>changeme</c>.</summary>
    public required ImmutableArray<string> Unfilled { get; init; }
}

/// <summary><c>files.env-keys</c>: every variable that the new release requires is set where the service reads it.</summary>
internal sealed class EnvKeys(EnvKeysInputs inputs, IScope scope) : ICheck<EnvKeysState>
{
    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<EnvKeysInputs, EnvKeysState>(
            "files.env-keys",
            "Every variable that an example file requires is set where the service reads it",
            options => new EnvKeysJson(options),
            inputs =>
                [
                    new Touch(FileInputs.Resource(inputs.Example), TouchKind.Read),
                    new Touch(FileInputs.Resource(inputs.Environment), TouchKind.Read),
                ],
            (inputs, scope) => new EnvKeys(inputs, scope)
        );

    public ValueTask<EnvKeysState> ObserveAsync(CancellationToken ct)
    {
        var required = EnvText.Read(Text(inputs.Example)).Where(IsRequired).Select(v => v.Name);
        var names = required.Union(inputs.Required).Order(StringComparer.Ordinal).ToImmutableArray();
        // Of several assignments the last one counts, as for a shell.
        var live = EnvText
            .Read(Text(inputs.Environment))
            .GroupBy(v => v.Name)
            .ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
        return ValueTask.FromResult(
            new EnvKeysState
            {
                Required = names,
                Missing = [.. names.Where(name => !live.ContainsKey(name))],
                Unfilled = [.. names.Where(name => live.TryGetValue(name, out var value) && EnvText.IsUnfilled(value))],
            }
        );
    }

    public Verdict Judge(EnvKeysState observed) =>
        (observed.Missing, observed.Unfilled) switch
        {
            ([], []) => Verdict.Ok,
            (var missing, []) => new Verdict.Broken($"{inputs.Environment} misses {List(missing)}"),
            ([], var unfilled) => new Verdict.Broken($"{inputs.Environment} has no real value for {List(unfilled)}"),
            var (missing, unfilled) => new Verdict.Broken(
                $"{inputs.Environment} misses {List(missing)}, and has no real value for {List(unfilled)}"
            ),
        };

    private bool IsRequired(EnvAssignment variable) => inputs.Samples || EnvText.IsUnfilled(variable.Value);

    private string Text(string path) => Encoding.UTF8.GetString(LocalFile.ReadExisting(scope.PathOf(path)));

    private static string List(ImmutableArray<string> names) => string.Join(", ", names);
}

[JsonSerializable(typeof(EnvKeysInputs))]
[JsonSerializable(typeof(EnvKeysState))]
internal sealed partial class EnvKeysJson : JsonSerializerContext;
