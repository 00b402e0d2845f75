using System.Diagnostics;
using Belay.Parts;

namespace Kills;

/// <summary>The folder of one run: plan, environment, and the old service that runs in it.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-kills-");

    public RunFolder(string name) => Name = name;

    /// <summary>The name of the run, of its database, and of its services.</summary>
    public string Name { get; }

    public string Location => folder.FullName;

    public string Journal => PathOf($".belay/runs/{Name}/journal.jsonl");

    public string PathOf(string name) => Path.Combine(Location, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    public string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>Writes the environment and brings up what the run will change.</summary>
    public async Task PrepareAsync(Servers servers, CancellationToken ct)
    {
        CopyPlan();
        await File.WriteAllTextAsync(PathOf("app.env"), $"CACHE={servers.OldCache.Endpoint}\nRELEASE=1.0.0\n", ct);
        Directory.CreateDirectory(PathOf("environments"));
        await File.WriteAllTextAsync(PathOf("environments/default.yaml"), Environment(servers), ct);

        await servers.Database.ExecuteAsync($"create database {Name}", ct: ct);
        await servers.Database.ExecuteAsync(
            """
            create table items (id int primary key);
            insert into items select generate_series(1, 100);
            create table effects (id int generated always as identity primary key, step text, delta int);
            """,
            Name,
            ct
        );
        await servers.PrepareCachesAsync();
        await StartOldServiceAsync(ct);
    }

    /// <summary>Ends what the run left running on purpose.</summary>
    public void Dispose()
    {
        foreach (var pid in MarkedProcesses.WithArgument(Name))
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            process.WaitForExit();
        }
        folder.Delete(recursive: true);
    }

    private async Task StartOldServiceAsync(CancellationToken ct)
    {
        var words = new[] { "-c", "exec setsid sh service.sh \"$0\" >>old.log 2>&1 </dev/null", $"{Name}-old" };
        using var process = Process.Start(new ProcessStartInfo("sh", words) { WorkingDirectory = Location })!;
        await File.WriteAllTextAsync(PathOf("old.pid"), $"{process.Id}\n", ct);
        if (!await Poll.UntilAsync(() => ValueTask.FromResult(Has($"{Name}-old.ready")), TimeSpan.FromSeconds(10), ct))
            throw new TimeoutException("the old service did not get ready");
    }

    private void CopyPlan()
    {
        var plan = Path.Combine(AppContext.BaseDirectory, "plan");
        foreach (var file in Directory.EnumerateFiles(plan, "*", SearchOption.AllDirectories))
        {
            var to = PathOf(Path.GetRelativePath(plan, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private string Environment(Servers servers) =>
        $$"""
            connections:
              db:
                kind: postgresql
                host: 127.0.0.1
                port: {{servers.Database.Port}}
                database: {{Name}}
                user: {{PostgresServer.User}}
                tools: {{Path.Combine(PartsFolder.Location, "bin")}}
              cache-old: { kind: redis, host: 127.0.0.1, port: {{servers.OldCache.Port}} }
              cache-new: { kind: redis, host: 127.0.0.1, port: {{servers.NewCache.Port}} }
            values:
              mark: {{Name}}
            """;
}
