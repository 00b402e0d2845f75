using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Belay.Connectors.Commands;
using ConnectorKit;

namespace Belay.Connectors.Tests;

/// <summary>The connectors and the child processes that the kit works with.</summary>
internal static class TestProgram
{
    public static KitProgram Instance { get; } = new(ConnectorList.Load(), new ChildProcesses(TimeProvider.System));

    [SuppressMessage(
        "Usage",
        "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "The test program is started again by the kit to be killed, and has no entry point of its own."
    )]
    [ModuleInitializer]
    internal static void ApplyWhenStartedToBeKilled() => KilledChild.RunIfAsked(() => Instance);
}
