using System.Collections.Immutable;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.OpenTofu;

/// <summary>Where OpenTofu or Terraform works, and with what: the inputs that all its operations share.</summary>
public abstract record TofuPlace
{
    /// <summary>The folder of the configuration (the root module).</summary>
    public required string Directory { get; init; }

    /// <summary>The program, by name or path. Default: <c>tofu</c>, or <c>terraform</c> where there is no <c>tofu</c>.</summary>
    public string? Tool { get; init; }

    /// <summary>Files of variables, beside those that the tool finds by itself.</summary>
    public ImmutableArray<string> VarFiles { get; init; } = [];

    /// <summary>Values of variables by name, handed over as <c>TF_VAR_NAME</c>; they may be secrets.</summary>
    public ImmutableDictionary<string, Secret> Variables { get; init; } = ImmutableDictionary<string, Secret>.Empty;

    /// <summary>Environment variables added to Belay's own: credentials of providers and backends.</summary>
    public ImmutableDictionary<string, Secret> Environment { get; init; } = ImmutableDictionary<string, Secret>.Empty;

    /// <summary>The workspace. Default <c>default</c>; never the one that somebody selected in the folder.</summary>
    public string Workspace { get; init; } = "default";

    /// <summary>How long another holder of the state's lock is waited for. Default 1 minute.</summary>
    public TimeSpan LockLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one call of the tool may take. Default 1 hour.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The configuration as a resource: who changes it, or what it describes, touches this.</summary>
    internal string Resource => ResourceOf(Directory);

    /// <summary>The resource of a folder.</summary>
    internal static string ResourceOf(string directory) =>
        $"opentofu:{FileInputs.Resource(directory)["file:".Length..]}";

    /// <summary>What is wrong with the inputs.</summary>
    internal IEnumerable<InputProblem> Problems()
    {
        foreach (var problem in FileInputs.Problems(Directory, member: "directory"))
            yield return problem;
        if (Workspace.Length == 0)
            yield return new InputProblem("workspace", "is empty: leave it out for the default one");
        foreach (var name in Environment.Keys.Where(name => name.StartsWith("TF_CLI_ARGS", StringComparison.Ordinal)))
            yield return new InputProblem("environment", $"{name} would change commands that Belay must know exactly");
    }
}
