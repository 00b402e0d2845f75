using System.Text.RegularExpressions;
using Belay.Domain.Operations;

namespace Belay.Connectors.HaProxy;

/// <summary>How a plan names a server: by its name in the backend, or by its address.</summary>
/// <param name="backend">The backend.</param>
/// <param name="server">The name, or <c>address:port</c>.</param>
internal sealed partial class ServerName(string backend, string server)
{
    public string Backend => backend;

    public string Server => server;

    /// <summary>The resource in touches.</summary>
    public string Resource => $"haproxy:{backend}/{server}";

    public bool Matches(ServerRow row) => row.Backend == backend && (row.Name == server || row.Address == server);

    public override string ToString() => $"{backend}/{server}";

    /// <summary>What is wrong with the names. Anything else than these characters could smuggle in a second command.</summary>
    public static IEnumerable<InputProblem> Problems(string backend, string server)
    {
        if (!Word().IsMatch(backend))
            yield return new InputProblem("backend", $"'{backend}' is no name of a backend of HAProxy");
        if (!Word().IsMatch(server))
            yield return new InputProblem("server", $"'{server}' is neither a server's name nor address:port");
    }

    /// <summary>What is wrong with an address. HAProxy itself says which hosts it can use.</summary>
    public static IEnumerable<InputProblem> AddressProblems(string address)
    {
        if (!Endpoint().IsMatch(address))
            yield return new InputProblem("address", $"'{address}' is no address:port");
    }

    [GeneratedRegex(
        @"^[A-Za-z0-9_.:\[\]-]{1,200}:[0-9]{1,5}$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"^[A-Za-z0-9_.:\[\]-]{1,200}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
