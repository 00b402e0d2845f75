using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace ConnectorKit;

/// <summary>The parts of the program that the kit cannot see by itself; a test project has one, static and unchanging.</summary>
/// <param name="Catalog">All connectors.</param>
/// <param name="Processes">The real child processes.</param>
public sealed record KitProgram(Catalog Catalog, IChildProcesses Processes);
