using System.Globalization;
using System.Text.RegularExpressions;
using Belay.Bench.Contenders;
using Belay.Parts;

namespace Belay.Bench.SwitchOvers;

/// <summary>Belay: the published program runs a plan that replicates, compares and switches over; the way back is its rollback.</summary>
internal sealed partial class BelaySwitchOver(string belay) : IDatabaseMove
{
    private const int Waiting = 5;
    private const int RolledBack = 6;

    public string Name => "Belay: replicate, switch over";

    public bool HasWayBack => true;

    public async Task<TimeSpan?> ThereAsync(DatabaseSite site, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.Combine(site.Folder, "environments"));
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "pooler"), DatabaseSite.AdministratorPassword, ct);
        var tools = Path.Combine(PartsFolder.Location, "bin");
        await File.WriteAllTextAsync(
            Path.Combine(site.Folder, "environments/default.yaml"),
            $$"""
            connections:
              old: { kind: postgresql, host: 127.0.0.1, port: {{site.Pair.Old.Port}}, database: {{site.Name}}, user: {{PostgresServer.User}}, tools: {{tools}} }
              new: { kind: postgresql, host: 127.0.0.1, port: {{site.Pair.New.Port}}, database: {{site.Name}}, user: {{PostgresServer.User}}, tools: {{tools}} }
            secrets:
              POOLER: { file: pooler }
            """,
            ct
        );
        await File.WriteAllTextAsync(
            Path.Combine(site.Folder, "plan.yaml"),
            $$"""
            belay: 1
            upgrade: bench
            from: old
            to: new
            steps:
              - do: postgresql.replicate
                with: { from: old, to: new }
              # The others compare nothing; lint lets no writes move without it.
              - check: postgresql.same
                with: { from: old, to: new, sample-above: 1000 }
                within: 2m
              - do: postgresql.switch-over
                with:
                  from: old
                  to: new
                  pooler: { port: {{site.PoolerPort}}, user: {{DatabaseSite.Administrator}}, password: "${secret:POOLER}", database: shop, file: {{site.PoolerFile}} }
                  at-most: 5s
              - approve: { by: dba }
            """,
            ct
        );
        return await CallAsync(site, $"'{belay}' run plan.yaml --no-wait --run bench --by bench", Waiting, ct);
    }

    public Task<TimeSpan?> BackAsync(DatabaseSite site, CancellationToken ct) =>
        CallAsync(site, $"'{belay}' rollback bench --by bench", RolledBack, ct);

    private static async Task<TimeSpan?> CallAsync(DatabaseSite site, string line, int exit, CancellationToken ct)
    {
        var journal = Path.Combine(site.Folder, ".belay/runs/bench/journal.jsonl");
        var known = File.Exists(journal) ? new FileInfo(journal).Length : 0;
        await site.RunAsync($"{line}; [[ $? == {exit} ]]", ct);
        await using var file = File.OpenRead(journal);
        file.Position = known;
        using var events = new StreamReader(file);
        return Frozen().Match(await events.ReadToEndAsync(ct)) is { Success: true } match
            ? TimeSpan.FromMilliseconds(int.Parse(match.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture))
            : throw new ContenderException($"{line} did not journal how long it froze the writes");
    }

    [GeneratedRegex(@"""freeze-ms"":(?<ms>\d+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Frozen();
}
