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

    /// <summary>State files that a reload would read and that do not agree with the processes.</summary>
    public static IEnumerable<DifferenceLine> Saved(ServerName name, ServerState state) =>
        state
            .Processes.Where(p => p.Saved is false)
            .Select(p => new DifferenceLine($"server {name} in the state file of {p.Process}", "other", "as set"));

    /// <summary>Equal in all that these operations are about: counts, health and state files come and go by themselves.</summary>
    public static bool Same(ServerState a, ServerState b) =>
        a.Processes.Length == b.Processes.Length
        && a.Processes.All(p =>
            b.Processes.FirstOrDefault(q => q.Process == p.Process) is { } other
            && ServerImage.Same(p.Server, other.Server)
        );
}
