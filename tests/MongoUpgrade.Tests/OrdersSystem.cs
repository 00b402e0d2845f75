using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Belay.MongoStandIn;
using Belay.Parts;

namespace MongoUpgrade.Tests;

/// <summary>The orders service of release 4.1.0 at work on a stand-in for MongoDB, and <c>belay</c> in the plan's folder.</summary>
internal sealed class OrdersSystem : IAsyncDisposable
{
    private const string Database = "shop";
    private const int Seeded = 300;
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-mongo-");
    private readonly StandInServer server = StandInServer.Start(new StandInOptions { ReplicaSet = "rs0" });

    private OrdersSystem() { }

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Belay.MongoStandIn");

    /// <summary>Brings everything up, with orders coming in.</summary>
    public static async Task<OrdersSystem> StartAsync(CancellationToken ct)
    {
        var system = new OrdersSystem();
        for (var order = 1; order <= Seeded; order++)
            system.server.Put(Database, "orders", $$"""{ "_id": "seed-{{order}}", "amount": {{order}} }""");
        system.server.Put(Database, "meta", """{ "_id": "schema", "schema_version": 41 }""");
        system.SetAudit(lost: 0);
        await system.WriteFilesAsync(ct);
        await system.StartServiceAsync(ct);
        return system;
    }

    /// <summary>What the new release says of itself at the end.</summary>
    public void SetAudit(int lost) => server.Put(Database, "meta", $$"""{ "_id": "audit", "lost": {{lost}} }""");

    /// <summary>The version of the schema.</summary>
    public int Schema =>
        JsonElement
            .Parse(server.Documents(Database, "meta")["schema"])
            .GetProperty("schema_version")
            .GetProperty("$numberInt")
            .GetString()
            is { } digits
            ? int.Parse(digits, CultureInfo.InvariantCulture)
            : -1;

    /// <summary>The collections of all databases.</summary>
    public IReadOnlyList<string> Namespaces => server.Namespaces();

    /// <summary>The ids of the orders in the database.</summary>
    public IReadOnlySet<string> Orders => server.Documents(Database, "orders").Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>The orders that the server has confirmed to a service, in their order.</summary>
    public IReadOnlyList<string> Acknowledged => File.ReadAllLines(AcknowledgedFile);

    private string AcknowledgedFile => this["run/acknowledged"];

    private string Tools => this["tools"];

    private string this[string path] => Path.Combine(folder.FullName, path);

    /// <summary>Whether a service takes orders: waits until one more was confirmed.</summary>
    public async Task<bool> TakesOrdersAsync(CancellationToken ct)
    {
        var before = Acknowledged.Count;
        return await Poll.UntilAsync(
            () => ValueTask.FromResult(Acknowledged.Count > before),
            TimeSpan.FromSeconds(20),
            ct
        );
    }

    /// <summary>Calls a verb to its end, or kills it as soon as the condition holds; null: it was killed.</summary>
    public async Task<(int? ExitCode, string Said)> BelayAsync(
        IReadOnlyList<string> words,
        Func<bool>? killWhen,
        CancellationToken ct
    )
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "belay"), words)
        {
            UseShellExecute = false,
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_STATE_HOME"] = this["state"];
        using var late = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        using var process = Process.Start(start)!;
        var said = new List<string?>();
        // Children of a killed belay hold its outputs open: they are read line by line, and not to their end.
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var killed = false;
        while (!process.HasExited)
        {
            if (!killed && killWhen?.Invoke() == true)
            {
                process.Kill();
                killed = true;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, either.Token);
        }
        return (killed ? null : process.ExitCode, Said());

        void Add(string? line)
        {
            lock (said)
                said.Add(line);
        }

        string Said()
        {
            lock (said)
                return string.Join('\n', said);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(this["run"], "*.pid"))
            End(file);
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task WriteFilesAsync(CancellationToken ct)
    {
        foreach (var name in new[] { "run", "tools", "environments" })
            folder.CreateSubdirectory(name);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "upgrade.yaml"), this["upgrade.yaml"]);
        foreach (var tool in new[] { "mongodump", "mongorestore" })
        {
            await File.WriteAllTextAsync(this[$"tools/{tool}"], $"#!/bin/sh\nexec '{Program}' {tool} \"$@\"\n", ct);
            File.SetUnixFileMode(this[$"tools/{tool}"], Executable);
        }
        await File.WriteAllTextAsync(
            this["environments/default.yaml"],
            $$"""
            connections:
              db: { kind: mongodb, host: 127.0.0.1, port: {{server.Port}}, database: {{Database}}, tools: "{{Tools}}" }
            values:
              program: "{{Program}}"
              server: "--port={{server.Port}}"
              database: "--db={{Database}}"
              acknowledged: "--acknowledged={{AcknowledgedFile}}"

            """,
            ct
        );
    }

    // As the step stop-old finds it: the same words, and its id in the pid file.
    private async Task StartServiceAsync(CancellationToken ct)
    {
        var words = new[]
        {
            "write",
            $"--port={server.Port}",
            $"--db={Database}",
            $"--acknowledged={AcknowledgedFile}",
            "--schema=41",
        };
        await File.WriteAllTextAsync(AcknowledgedFile, "", ct);
        using var service = Process.Start(new ProcessStartInfo(Program, words))!;
        await File.WriteAllTextAsync(this["run/orders.pid"], service.Id.ToString(CultureInfo.InvariantCulture), ct);
        Assert.True(await TakesOrdersAsync(ct), "the service takes no orders");
    }

    private static void End(string pidFile)
    {
        try
        {
            using var service = Process.GetProcessById(
                int.Parse(File.ReadAllText(pidFile).Trim(), CultureInfo.InvariantCulture)
            );
            if (service.ProcessName.StartsWith("Belay.MongoStan", StringComparison.Ordinal))
                service.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
