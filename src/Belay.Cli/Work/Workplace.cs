using System.Reflection;
using Belay.Cli.Screens;
using Belay.Connectors;
using Belay.Connectors.Commands;
using Belay.Domain.Operations;
using Belay.Engine;
using Belay.Planning;
using Belay.Stores.Files;

namespace Belay.Cli.Work;

/// <summary>Where all parts are put together: the store, the clock, the operations, the screen.</summary>
internal sealed class Workplace
{
    /// <summary>Where runs are kept when nothing else is said.</summary>
    public const string CustomaryState = ".belay";

    private static readonly Lazy<Catalog> Operations = new(ConnectorList.Load);

    private readonly Lazy<Catalog> catalog = Operations;

    public Workplace(Screen screen, string state)
    {
        Screen = screen;
        StateFolder = Path.GetFullPath(state);
        Store = new FileStore(StateFolder, FileStore.CustomaryKeys, Clock);
        Runs = new RunFinder(Store.Journals);
    }

    public Screen Screen { get; }

    public FileStore Store { get; }

    public string StateFolder { get; }

    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>The child processes of the store's runs.</summary>
    public ChildProcesses Children => new(Clock, () => Store.Identity);

    /// <summary>All operations; made on first use, because most verbs need none.</summary>
    public Catalog Catalog => catalog.Value;

    public RunFinder Runs { get; }

    /// <summary>Makes the operations ready before they are asked for.</summary>
    public static void Prepare() => _ = Operations.Value;

    /// <summary>The version of this program.</summary>
    public static string Version { get; } =
        typeof(Workplace)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>The file of a run's journal.</summary>
    public string JournalFile(string run) => Path.Combine(StateFolder, "runs", run, "journal.jsonl");

    /// <summary>An engine for an environment.</summary>
    public RunEngine EngineFor(EnvironmentFile environment)
    {
        if (environment.Shared)
            throw new Refusal(
                ExitCode.BadUsage,
                $"environment '{environment.Name}' is shared by several machines: a journal in files protects one machine only"
            );
        return new RunEngine(
            new EngineParts
            {
                Catalog = Catalog,
                Journals = Store.Journals,
                Leases = Store.Leases,
                Requests = Store.Requests,
                Sealed = Store.SealedValues,
                Identities = Store.Identities,
                Children = Children,
                Watchdogs = new Watchdogs(StateFolder, Children, Clock),
                Environment = environment,
                MayAct = environment.MayAct,
                Signers = environment.Signers,
                WorkingFolder = Store.WorkingFolder,
                Clock = Clock,
                Version = Version,
                Host = Environment.MachineName,
                ParkAfter = environment.ParkAfter ?? EngineParts.CustomaryParking,
            }
        );
    }
}
