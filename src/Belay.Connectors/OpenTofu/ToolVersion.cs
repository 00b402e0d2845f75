using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.OpenTofu;

/// <summary>Inputs of <c>opentofu.version</c>.</summary>
public sealed record ToolVersionInputs : TofuPlace
{
    /// <summary>The least version, such as <c>1.10.4</c>.</summary>
    public required string AtLeast { get; init; }

    /// <summary>The first version that is too new, such as <c>2.0.0</c>. Default: none.</summary>
    public string? Below { get; init; }
}

/// <summary>What <c>opentofu.version</c> sees.</summary>
public sealed record ToolVersionState
{
    /// <summary>The tool and its version, such as <c>tofu 1.10.4</c>.</summary>
    public required string Tool { get; init; }
}

/// <summary><c>opentofu.version</c>: whether the tool's version is one that the release wants.</summary>
internal sealed class ToolVersion(ToolVersionInputs inputs, IScope scope) : ICheck<ToolVersionState>
{
    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<ToolVersionInputs, ToolVersionState>(
            "opentofu.version",
            "Checks the version of OpenTofu or Terraform",
            options => new OpenTofuJson(options),
            inputs => [new Touch(inputs.Resource, TouchKind.Read)],
            (inputs, scope) => new ToolVersion(inputs, scope),
            Problems
        );

    public async ValueTask<ToolVersionState> ObserveAsync(CancellationToken ct) =>
        new() { Tool = await new TofuTool(inputs, scope).VersionAsync(ct) };

    public Verdict Judge(ToolVersionState observed)
    {
        var text = observed.Tool.Split(' ')[^1];
        // A version of its developers (1.11.0-beta1) comes before the one that it is named after.
        var isEarly = text.Contains('-', StringComparison.Ordinal);
        if (Parsed(text.Split('-')[0]) is not { } version)
            return new Verdict.Broken($"{observed.Tool}: this is no version that can be compared");
        if (version < Parsed(inputs.AtLeast) || (isEarly && version == Parsed(inputs.AtLeast)))
            return new Verdict.Broken($"{observed.Tool} is older than {inputs.AtLeast}");
        return inputs.Below is { } below && version >= Parsed(below)
            ? new Verdict.Broken($"{observed.Tool} is {below} or newer")
            : Verdict.Ok;
    }

    private static IEnumerable<InputProblem> Problems(ToolVersionInputs inputs) =>
        [
            .. inputs.Problems(),
            .. Problem("at-least", inputs.AtLeast),
            .. inputs.Below is { } below ? Problem("below", below) : [],
        ];

    private static IEnumerable<InputProblem> Problem(string member, string version) =>
        Parsed(version) is null ? [new InputProblem(member, $"{version} is no version: write one such as 1.10.4")] : [];

    private static Version? Parsed(string version) => Version.TryParse(version, out var parsed) ? parsed : null;
}
