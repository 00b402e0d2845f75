using System.Collections.Immutable;
using System.Diagnostics;
using Belay.Bench.Contenders;
using Belay.Parts;

namespace Belay.Bench.SwitchOvers;

/// <summary>A database that is to be moved, and the pgbouncer through which services reach it.</summary>
internal sealed class DatabaseSite : IAsyncDisposable
{
    /// <summary>The user of the pooler's console.</summary>
    public const string Administrator = "belay";

    /// <summary>Its password.</summary>
    public const string AdministratorPassword = "pooler";

    private readonly PgBouncerServer pooler;

    private DatabaseSite(DatabasePair pair, string name, string folder, PgBouncerServer pooler) =>
        (Pair, Name, Folder, this.pooler) = (pair, name, folder, pooler);

    /// <summary>The servers.</summary>
    public DatabasePair Pair { get; }

    /// <summary>The database's name on both.</summary>
    public string Name { get; }

    /// <summary>A folder for whatever a move needs.</summary>
    public string Folder { get; }

    /// <summary>The pooler's port.</summary>
    public int PoolerPort => pooler.Port;

    /// <summary>The pooler's configuration.</summary>
    public string PoolerFile => pooler.ConfigurationFile;

    /// <summary>What services connect with.</summary>
    public string Endpoint => pooler.ConnectionString(DatabasePair.Role, "shop");

    public static async Task<DatabaseSite> OpenAsync(
        DatabasePair pair,
        string name,
        string folder,
        CancellationToken ct
    )
    {
        await pair.CreateAsync(name, ct);
        var started = await PgBouncerServer.StartAsync(
            new PgBouncerOptions
            {
                Database = $"shop = host=127.0.0.1 port={pair.Old.Port} dbname={name}",
                Users = ImmutableSortedDictionary
                    .Create<string, string>(StringComparer.Ordinal)
                    .Add(DatabasePair.Role, DatabasePair.Password)
                    .Add(Administrator, AdministratorPassword),
                Administrator = Administrator,
            },
            ct
        );
        return new DatabaseSite(pair, name, Directory.CreateDirectory(folder).FullName, started);
    }

    /// <summary>Writes into the pooler's file that services are led to the new server; it is not loaded yet.</summary>
    public Task PointAsync(CancellationToken ct) =>
        File.WriteAllTextAsync(
            PoolerFile,
            File.ReadAllText(PoolerFile)
                .Replace($"port={Pair.Old.Port} ", $"port={Pair.New.Port} ", StringComparison.Ordinal),
            ct
        );

    /// <summary>Runs a command on the pooler's console.</summary>
    public Task CommandAsync(string command, CancellationToken ct) =>
        RunAsync($"psql -X -q -h 127.0.0.1 -p {PoolerPort} -U {Administrator} -d pgbouncer -c '{command}'", ct);

    /// <summary>Runs a line of shell with the tools of PostgreSQL.</summary>
    /// <exception cref="ContenderException">It failed.</exception>
    public async Task RunAsync(string line, CancellationToken ct)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"set -o pipefail; exec >output 2>&1 </dev/null; {line}"])
        {
            WorkingDirectory = Folder,
        };
        start.Environment["PATH"] = $"{Path.Combine(PartsFolder.Location, "bin")}:{start.Environment["PATH"]}";
        start.Environment["PGPASSWORD"] = AdministratorPassword;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new ContenderException(
                $"{line} ended with {process.ExitCode}: {await File.ReadAllTextAsync(Path.Combine(Folder, "output"), ct)}"
            );
    }

    public async ValueTask DisposeAsync()
    {
        await pooler.DisposeAsync();
        await Pair.DropAsync(Name);
        Directory.Delete(Folder, recursive: true);
    }
}
