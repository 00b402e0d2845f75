using System.Globalization;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>The default store: everything about runs in files under one folder of one machine.</summary>
/// <remarks>
/// <code>
/// .belay/runs/RUN/journal.jsonl       one event a line
/// .belay/runs/RUN/stay                locked by who stays with it while it is parked
/// .belay/runs/RUN/requests/           what people ask from other terminals
/// .belay/runs/RUN/sealed/             secret members of states, encrypted
/// .belay/runs/RUN/work/               files of the run's operations
/// .belay/environments/ENV/lease       locked by its holder, whose description it holds
/// .belay/environments/ENV/fence       the last fencing number
/// .belay/environments/ENV/identity.json   which systems it consists of
/// .belay/environments/ENV/measured.json   times of earlier runs, noted by the command line; may be deleted
/// </code>
/// Folders have mode 0700, files 0600. It protects one machine: locks on a network file system are not trusted.
/// </remarks>
public sealed class FileStore
{
    private readonly StoreFolder folder;

    /// <summary>Names the places; nothing is made before it is needed.</summary>
    /// <param name="folder">The store's folder, <c>.belay</c> beside the plans by custom.</param>
    /// <param name="keys">The folder of the keys that seal values: elsewhere, so that a copy of the store alone reveals nothing.</param>
    /// <param name="clock">The clock.</param>
    public FileStore(string folder, string keys, TimeProvider clock)
    {
        this.folder = new StoreFolder(folder);
        Journals = new FileJournals(this.folder, clock);
        Leases = new FileLeases(this.folder, clock);
        Requests = new FileRequests(this.folder, clock);
        SealedValues = new FileSealedValues(this.folder, keys);
        Identities = new FileIdentities(this.folder);
    }

    /// <summary>Where keys lie by custom: <c>belay/keys</c> under <c>XDG_STATE_HOME</c>, else under <c>~/.local/state</c>.</summary>
    /// <remarks>XDG Base Directory Specification 0.8: a relative <c>XDG_STATE_HOME</c> is not valid and is passed over.</remarks>
    public static string CustomaryKeys
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (!Path.IsPathFullyQualified(state ?? ""))
            {
                var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
                state = Path.Combine(home, ".local", "state");
            }
            return Path.Combine(state!, "belay", "keys");
        }
    }

    /// <summary>The journals.</summary>
    public IJournalStore Journals { get; }

    /// <summary>The leases.</summary>
    public ILeases Leases { get; }

    /// <summary>The requests.</summary>
    public IRequests Requests { get; }

    /// <summary>The sealed values.</summary>
    public ISealedValues SealedValues { get; }

    /// <summary>Which store it is on this machine, whatever path leads to it: <c>DEVICE-INODE</c> of its folder; <c>none</c> before it is made.</summary>
    public string Identity =>
        FileIdentity.At(folder.Root) is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"{known.DeviceMajor}.{known.DeviceMinor}-{known.Inode}")
            : "none";

    /// <summary>Which systems the environments consist of.</summary>
    public IIdentities Identities { get; }

    /// <summary>Where the times of an environment's earlier runs may be noted (absolute); null: its name, read from a journal, can name no file.</summary>
    public string? MeasuredFile(string environment) =>
        StoreFolder.IsName(environment) ? Path.Combine(folder.Environment(environment), "measured.json") : null;

    /// <summary>The working folder of a run (absolute); it is made when it is not there.</summary>
    /// <exception cref="JournalException">The place cannot be written.</exception>
    public string WorkingFolder(string run)
    {
        var work = folder.Work(run);
        folder.Make(work);
        return work;
    }
}
