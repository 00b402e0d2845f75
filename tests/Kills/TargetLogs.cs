using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Npgsql;

namespace Kills;

/// <summary>Reads the logs that the targets of one run keep: a table, server logs, files.</summary>
internal sealed partial class TargetLogs : IAsyncDisposable
{
    private readonly Servers servers;
    private readonly RunFolder folder;
    private readonly NpgsqlConnection database;
    private readonly long cacheLogStart;

    private TargetLogs(Servers servers, RunFolder folder, NpgsqlConnection database) =>
        (this.servers, this.folder, this.database, cacheLogStart) = (
            servers,
            folder,
            database,
            new FileInfo(servers.NewCache.LogFile).Length
        );

    /// <summary>Begins to look, before the run begins.</summary>
    public static async Task<TargetLogs> OpenAsync(Servers servers, RunFolder folder, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(servers.Database.ConnectionString(folder.Name));
        await connection.OpenAsync(ct);
        return new TargetLogs(servers, folder, connection);
    }

    /// <summary>What the target of a step remembers now.</summary>
    public async ValueTask<Trace> OfAsync(string step, CancellationToken ct) =>
        step switch
        {
            "backup" => new Trace(0, []),
            "migrate" => new Trace(
                Count(
                    await File.ReadAllTextAsync(servers.Database.LogFile, ct),
                    $"LOG:  begin migrate in {folder.Name}\n"
                ),
                await MigrationsAsync(ct)
            ),
            "setting" => Now(folder.Read("app.env").Contains("RELEASE=2.0.0", StringComparison.Ordinal)),
            "note" => Now(folder.Has("release.txt")),
            "replicate" => Replication(Cache()),
            "cut-over" => new Trace(0, Roles(Cache(), Promoted()).Skip(1).ToImmutableArray()),
            "start" => Service($"{folder.Name}-new", "up", "down", before: 0),
            // It was up before the run: that is no effect of it.
            "stop" => Service($"{folder.Name}-old", "down", "up", before: 1),
            _ => Lines($"begin {step}", $"did {step}", $"undid {step}", before: 0),
        };

    /// <summary>The roles that the new cache took on, in order: it became a replica (true), or copies nobody any more.</summary>
    public ImmutableArray<bool> Roles() => Roles(Cache(), Demoted());

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static Trace Now(bool stands) => new(0, stands ? [true] : []);

    private Trace Service(string name, string did, string undid, int before) =>
        Lines(did == "up" ? $"begin {name}" : $"begin-down {name}", $"{did} {name}", $"{undid} {name}", before);

    private Trace Lines(string begin, string did, string undid, int before)
    {
        var lines = folder.Has("effects.log") ? folder.Read("effects.log").Split('\n') : [];
        return new Trace(
            lines.Count(line => line == begin),
            [.. lines.Where(line => line == did || line == undid).Skip(before).Select(line => line == did)]
        );
    }

    private async Task<ImmutableArray<bool>> MigrationsAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select delta > 0 from effects order by id", database);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var effects = ImmutableArray.CreateBuilder<bool>();
        while (await rows.ReadAsync(ct))
            effects.Add(rows.GetBoolean(0));
        return effects.ToImmutable();
    }

    private static Trace Replication(string log) => new(Demoted().Count(log), Copied().IsMatch(log) ? [true] : []);

    private static ImmutableArray<bool> Roles(string log, Regex which) =>
        [.. RoleTaken().Matches(log).Select(role => which.IsMatch(role.Value))];

    private string Cache()
    {
        using var file = new FileStream(servers.NewCache.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = cacheLogStart;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("REPLICAOF .* enabled|(MASTER|PRIMARY) MODE enabled", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RoleTaken();

    [GeneratedRegex("REPLICAOF .* enabled", RegexOptions.None, 1000)]
    private static partial Regex Demoted();

    [GeneratedRegex("(MASTER|PRIMARY) MODE enabled", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Promoted();

    [GeneratedRegex("sync: Finished with success", RegexOptions.None, 1000)]
    private static partial Regex Copied();
}
