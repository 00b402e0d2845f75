using Belay.Domain.Journal;
using Belay.Parts;
using Npgsql;

namespace Kills;

/// <summary>A run that halted after a migration which only a restore takes back, on a database of its own.</summary>
internal sealed class RestoreRun : IAsyncDisposable
{
    private const int Halted = 4;
    private const string Content = "select md5(string_agg(i::text, ',' order by id)) from items i";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-kills-");
    private readonly PostgresServer server;
    private readonly BelayProcess belay;
    private readonly JournalTail journal;
    private NpgsqlConnection? look;
    private object? saved;

    private RestoreRun(PostgresServer server, string name)
    {
        (this.server, Name) = (server, name);
        belay = new BelayProcess(folder.FullName);
        journal = new JournalTail(Path.Combine(folder.FullName, $".belay/runs/{name}/journal.jsonl"));
    }

    /// <summary>The name of the run and of its database.</summary>
    public string Name { get; }

    /// <summary>What the journal says of the restores that were begun.</summary>
    public IEnumerable<RestoreIntent> Restores => Events().OfType<RestoreIntent>();

    /// <summary>Brings the run to its halt, and lets users write three rows after it.</summary>
    public static async Task<RestoreRun> HaltedAsync(PostgresServer server, string name, CancellationToken ct)
    {
        var run = new RestoreRun(server, name);
        CopyPlan(run.folder.FullName);
        Directory.CreateDirectory(Path.Combine(run.folder.FullName, "environments"));
        await File.WriteAllTextAsync(
            Path.Combine(run.folder.FullName, "environments/default.yaml"),
            $"connections:\n  db: {{ kind: postgresql, host: 127.0.0.1, port: {server.Port}, database: {name}, "
                + $"user: {PostgresServer.User}, tools: {Path.Combine(PartsFolder.Location, "bin")} }}\n",
            ct
        );
        await server.ExecuteAsync($"create database {name}", ct: ct);
        await server.ExecuteAsync(
            """
            create table items (id int primary key, name text not null, price numeric not null);
            insert into items select n, 'item ' || n, n / 100.0 from generate_series(1, 40000) n;
            create index on items (name);
            """,
            name,
            ct
        );
        run.saved = await server.ExecuteAsync(Content, name, ct);
        run.look = new NpgsqlConnection(server.ConnectionString() + ";Pooling=false");
        await run.look.OpenAsync(ct);
        var halted = await run.CallAsync(ct, "run", "upgrade.yaml", "--run", name, "--by", "test");
        Assert.True(halted.ExitCode == Halted, halted.Said);
        await server.ExecuteAsync("insert into items select n, 'late' from generate_series(-3, -1) n", name, ct);
        return run;
    }

    /// <summary>Calls a verb to its end.</summary>
    public Task<Ended> CallAsync(CancellationToken ct, params string[] words) => belay.RunAsync(words, null, ct);

    /// <summary>Calls a verb, and kills it as soon as the server answers yes; false when it had ended by then, or had restored.</summary>
    public async Task<bool> KillAsync(string when, CancellationToken ct, params string[] words)
    {
        var ended = await belay.RunAsync(words, async () => await IsAsync(when, ct), ct);
        return ended.ExitCode is null && !Events().OfType<StoreRestored>().Any();
    }

    /// <summary>Asks the server whether something is so; <c>{name}</c> is the database.</summary>
    public async Task<bool> IsAsync(string condition, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select {condition.Replace("{name}", Name, StringComparison.Ordinal)}",
            look
        );
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>The run is back, its database is what was saved, and nothing else is left.</summary>
    public async Task AssertRestoredAsync(CancellationToken ct)
    {
        Assert.Equal(saved, await server.ExecuteAsync(Content, Name, ct));
        Assert.Equal(
            1L,
            await server.ExecuteAsync("select count(*) from pg_indexes where indexname = 'items_name_idx'", Name, ct)
        );
        Assert.Equal(
            $"{Name} t,{Name}_belay_replaced f",
            await server.ExecuteAsync(
                $"""
                select string_agg(regexp_replace(datname, '_[0-9a-f]+$', '') || ' ' || left(datallowconn::text, 1), ',' order by datname)
                from pg_database where datname like '{Name}%'
                """,
                ct: ct
            )
        );
        Assert.Empty(MarkedProcesses.ChildrenOf(Name));
        Assert.Empty(Directory.EnumerateFiles(folder.FullName, "before*"));
        var verified = await CallAsync(ct, "verify", Name);
        Assert.True(verified.ExitCode == 0, verified.Said);
    }

    public async ValueTask DisposeAsync()
    {
        if (look is not null)
            await look.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private IEnumerable<JournalEvent> Events()
    {
        journal.Read();
        return journal.Entries.Select(entry => entry.Event);
    }

    private static void CopyPlan(string folder)
    {
        var plan = Path.Combine(AppContext.BaseDirectory, "restore");
        foreach (var file in Directory.EnumerateFiles(plan, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(plan, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
