using System.Text;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.contains</c>.</summary>
public sealed record ContainsTextInputs
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The text that must stand in it, exactly; may be secret.</summary>
    public required Secret Text { get; init; }
}

/// <summary>What <c>files.contains</c> sees.</summary>
public sealed record ContainsTextState
{
    /// <summary>The line, from 1, in which the text begins first; null when it does not stand there.</summary>
    public int? Line { get; init; }
}

/// <summary><c>files.contains</c>: a file contains a text.</summary>
internal sealed class ContainsText(ContainsTextInputs inputs, IScope scope) : ICheck<ContainsTextState>
{
    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<ContainsTextInputs, ContainsTextState>(
            "files.contains",
            "A file contains a text",
            options => new ContainsTextJson(options),
            inputs => [new Touch(FileInputs.Resource(inputs.Path), TouchKind.Read)],
            (inputs, scope) => new ContainsText(inputs, scope),
            inputs =>
                inputs.Text.Reveal().Length == 0
                    ? [new InputProblem("text", "is empty: every file contains it")]
                    : FileInputs.Problems(inputs.Path)
        );

    public ValueTask<ContainsTextState> ObserveAsync(CancellationToken ct)
    {
        var content = Encoding.UTF8.GetString(LocalFile.ReadExisting(scope.PathOf(inputs.Path)));
        var at = content.IndexOf(inputs.Text.Reveal(), StringComparison.Ordinal);
        return ValueTask.FromResult(
            new ContainsTextState { Line = at < 0 ? null : content.AsSpan(0, at).Count('\n') + 1 }
        );
    }

    public Verdict Judge(ContainsTextState observed) =>
        observed.Line is null ? new Verdict.NotYet($"the text does not stand in {inputs.Path}") : Verdict.Ok;
}

[JsonSerializable(typeof(ContainsTextInputs))]
[JsonSerializable(typeof(ContainsTextState))]
internal sealed partial class ContainsTextJson : JsonSerializerContext;
