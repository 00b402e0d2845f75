using Belay.Domain.Contract;

namespace Belay.Connectors.HaProxy;

/// <summary>The lines of a difference that several operations have in common. Pure.</summary>
internal static class ServerDifference
{
    /// <summary>What an operator asks of the server, where it is not one of those wanted.</summary>
    public static IEnumerable<DifferenceLine> Admin(ServerName name, ServerState state, params Admin[] wanted) =>
        state
            .Processes.Where(p => p.Server is not { } server || !wanted.Contains(server.Admin))
            .Select(p => new DifferenceLine(
                $"server {name} on {p.Process}",
                p.Server is { } server ? ServerTarget.Word(server.Admin) : null,
                ServerTarget.Word(wanted[0])
            ));

    /// <summary>
    /// The difference of these lines and of the state files. Whatever else is set must be saved too, so that the lines
    /// left of half done work are among those that were planned before it.
    /// </summary>
    public static Difference With(ServerName name, ServerState state, IEnumerable<DifferenceLine> lines)
    {
        var all = lines.ToArray();
        var unsaved = state.Processes.Where(p => all.Length > 0 ? p.Saved is not null : p.Saved is false);
        return Difference.Of(
            Reversal.Exact,
            [
                .. all,
                .. unsaved.Select(p => new DifferenceLine(
                    $"server {name} in the state file of {p.Process}",
                    p.Saved is true ? "as it was" : "otherwise",
                    "as set"
                )),
            ]
        );
    }

    /// <summary>Equal in all that these operations are about: counts, health and state files come and go by themselves.</summary>
    public static bool Same(ServerState a, ServerState b) =>
        a.Processes.Length == b.Processes.Length
        && a.Processes.All(p =>
            b.Processes.FirstOrDefault(q => q.Process == p.Process) is { } other
            && ServerImage.Same(p.Server, other.Server)
        );
}
