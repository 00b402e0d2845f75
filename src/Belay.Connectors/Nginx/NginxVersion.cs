using Belay.Connectors.Commands;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Nginx;

/// <summary>Inputs of <c>nginx.version</c>.</summary>
public sealed record NginxVersionInputs
{
    /// <summary>The program, by name or path. Default <c>nginx</c>.</summary>
    public string Program { get; init; } = "nginx";

    /// <summary>The least version, such as <c>1.22</c>.</summary>
    public required string AtLeast { get; init; }

    /// <summary>The first version that is too new. Default: none.</summary>
    public string? Below { get; init; }
}

/// <summary>What <c>nginx.version</c> sees.</summary>
public sealed record NginxVersionState
{
    /// <summary>The version of the program on disk; the process that runs may be an older one.</summary>
    public required string Version { get; init; }
}

/// <summary><c>nginx.version</c>: whether nginx's version is one that the configuration wants.</summary>
internal sealed class NginxVersion(NginxVersionInputs inputs, IScope scope) : ICheck<NginxVersionState>
{
    private const string Name = "nginx/";

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<NginxVersionInputs, NginxVersionState>(
            "nginx.version",
            "Checks the version of nginx",
            options => new NginxJson(options),
            inputs => [new Touch($"file:{inputs.Program}", TouchKind.Read)],
            (inputs, scope) => new NginxVersion(inputs, scope),
            inputs => BoundsOf(inputs).Problems()
        );

    public async ValueTask<NginxVersionState> ObserveAsync(CancellationToken ct)
    {
        var result = await scope.Commands.RunAsync(NginxCommands.Version(inputs.Program), null, ct);
        // "nginx version: nginx/1.22.1 (Debian)", on standard error.
        var at = result.Error.IndexOf(Name, StringComparison.Ordinal);
        return at < 0
            ? throw OperationException.Refused($"{inputs.Program} -v says no version: {result.Error.Trim()}")
            : new NginxVersionState { Version = result.Error[(at + Name.Length)..].Split(' ', '\n')[0] };
    }

    public Verdict Judge(NginxVersionState observed) => BoundsOf(inputs).Judge("nginx", observed.Version);

    private static VersionBounds BoundsOf(NginxVersionInputs inputs) => new(inputs.AtLeast, inputs.Below);
}
