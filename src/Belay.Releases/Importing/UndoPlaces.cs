using System.Collections.Immutable;

namespace Belay.Releases.Importing;

/// <summary>Finds the steps that the commands of a page's section about going back name: the same program, and something that both name.</summary>
internal static class UndoPlaces
{
    /// <summary>Words of programs that name nothing.</summary>
    private static readonly HashSet<string> Verbs = new(
        [
            "apply",
            "compose",
            "create",
            "delete",
            "deploy",
            "deployment",
            "down",
            "exec",
            "install",
            "image",
            "pause",
            "pull",
            "push",
            "restart",
            "resume",
            "rollback",
            "rollout",
            "run",
            "set",
            "start",
            "state",
            "status",
            "stop",
            "undo",
            "uninstall",
            "up",
            "upgrade",
            "rename",
            "rename-service",
            "map-route",
            "unmap-route",
        ],
        StringComparer.Ordinal
    );

    /// <returns>The commands that name no step.</returns>
    public static ImmutableArray<ShellWords> Place(Draft.Phase root, IReadOnlyList<ShellWords> commands)
    {
        var left = ImmutableArray.CreateBuilder<ShellWords>();
        foreach (var command in commands)
        {
            if (!Give(root, command, Best(root, command)))
                left.Add(command);
        }
        return left.ToImmutable();
    }

    /// <summary>The step that shares most with a command: the last one of equal ones, since the last change is taken back first.</summary>
    private static Draft.Shell? Best(Draft.Phase root, ShellWords command)
    {
        var named = Named(command);
        return Steps(root)
            .Where(step => !step.OnlyReads && step.Command.Words.FirstOrDefault() == command.Words.FirstOrDefault())
            .Select(step => (Step: step, Shared: Named(step.Command).Intersect(named).Count()))
            .Where(one => one.Shared > 0)
            // A command that changes what runs, before one that only holds or releases it.
            .OrderBy(one => one.Shared)
            .ThenBy(one => one.Step.Command.Words.Any(word => word is "pause" or "resume") ? 0 : 1)
            .LastOrDefault()
            .Step;
    }

    private static HashSet<string> Named(ShellWords command) =>
        command
            .Words.Skip(1)
            .Where(word => word.Length > 2 && !word.StartsWith('-') && !Verbs.Contains(word))
            .ToHashSet();

    private static IEnumerable<Draft.Shell> Steps(Draft.Phase phase) =>
        phase.Parts.SelectMany(part =>
            part switch
            {
                Draft.Shell shell => [shell],
                Draft.Phase inner => Steps(inner),
                _ => Enumerable.Empty<Draft.Shell>(),
            }
        );

    private static bool Give(Draft.Phase phase, ShellWords command, Draft.Shell? step)
    {
        if (step is null)
            return false;
        for (var i = 0; i < phase.Parts.Count; i++)
        {
            if (phase.Parts[i] is Draft.Phase inner && Give(inner, command, step))
                return true;
            if (!ReferenceEquals(phase.Parts[i], step))
                continue;
            phase.Parts[i] = step with { Undo = step.Undo.Add(command) };
            return true;
        }
        return false;
    }
}
