using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Belay.Connectors.Commands;
using Belay.Connectors.Tests.Files;
using ConnectorKit;

namespace Belay.Connectors.Tests;

/// <summary>The connectors and the child processes that the kit works with.</summary>
internal static class TestProgram
{
    public static KitProgram Instance { get; } =
        new(ConnectorList.Load(), new ChildProcesses(TimeProvider.System, () => "tests"));

    [SuppressMessage(
        "Usage",
        "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "The test program is started again to be killed or confined, and has no entry point of its own."
    )]
    [ModuleInitializer]
    internal static void WorkWhenStartedAsChild()
    {
        KilledChild.RunIfAsked(() => Instance);
        ConfinedChild.RunIfAsked();
    }
}
