using System.Text.Json;

namespace Belay.Domain.Contract;

/// <summary>What an operation gets besides its inputs: the world of one step of one run.</summary>
/// <remarks>The outputs of earlier steps arrive through references in the inputs, already resolved.</remarks>
public interface IScope
{
    /// <summary>The run.</summary>
    string RunId { get; }

    /// <summary>The step; unique in the run, the same after a crash.</summary>
    string StepId { get; }

    /// <summary>A token of this step of this run, the same after a crash; for work that must be recognised again at the target. Letters, digits and hyphens, at most 64.</summary>
    string Token { get; }

    /// <summary>The environment's name.</summary>
    string Environment { get; }

    /// <summary>A folder (absolute) for files of this run; it exists, mode 0700.</summary>
    string WorkingFolder { get; }

    /// <summary>The folder (absolute) against which relative paths in inputs are resolved: the plan's.</summary>
    string PlanFolder { get; }

    /// <summary>The clock.</summary>
    TimeProvider Clock { get; }

    /// <summary>Runs command-line tools; every child is journaled.</summary>
    ICommandRunner Commands { get; }

    /// <summary>The last checkpoint that this step yielded in an earlier attempt; null at the first.</summary>
    JsonElement? Checkpoint { get; }

    /// <summary>The settings of a connection named in the environment, secrets resolved.</summary>
    /// <exception cref="OperationException">Refused: there is no such connection, or it is of another kind; the message names those that exist.</exception>
    T Connection<T>(string name)
        where T : class;
}

/// <summary>Conveniences over <see cref="IScope"/>.</summary>
public static class ScopeExtensions
{
    /// <summary>The name of <see cref="SecretFolder"/> in the working folder.</summary>
    public const string SecretFolderName = "secret";

    /// <summary>A folder (absolute) of the run for what a tool writes in the clear and nobody needs later; whoever writes there makes it. It is removed with the run's sealed values when the run is closed.</summary>
    public static string SecretFolder(this IScope scope) => Path.Combine(scope.WorkingFolder, SecretFolderName);

    /// <summary>A path from the inputs as an absolute one.</summary>
    public static string PathOf(this IScope scope, string path) => Path.GetFullPath(path, scope.PlanFolder);

    /// <summary>The moment now, UTC.</summary>
    public static DateTimeOffset Now(this IScope scope) => scope.Clock.GetUtcNow();
}
