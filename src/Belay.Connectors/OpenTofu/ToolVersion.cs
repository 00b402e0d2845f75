using Belay.Connectors.Commands;
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
            inputs => [.. inputs.Problems(), .. BoundsOf(inputs).Problems()]
        );

    public async ValueTask<ToolVersionState> ObserveAsync(CancellationToken ct) =>
        new() { Tool = await new TofuTool(inputs, scope).VersionAsync(ct) };

    public Verdict Judge(ToolVersionState observed) =>
        BoundsOf(inputs).Judge(observed.Tool.Split(' ')[0], observed.Tool.Split(' ')[^1]);

    private static VersionBounds BoundsOf(ToolVersionInputs inputs) => new(inputs.AtLeast, inputs.Below);
}
