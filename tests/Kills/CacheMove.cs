using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Parts;

namespace Kills;

/// <summary>The example examples/redis-to-valkey as a person would use it: two servers with a password, eight services that write, the real program.</summary>
internal sealed class CacheMove : IAsyncDisposable
{
    private const string Password = "open sesame";
    private const int Keys = 5_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("belay-kills-");
    private readonly BelayProcess belay;
    private readonly JournalTail journal;
    private readonly RedisWriters writers;

    private CacheMove(RedisServer old, RedisServer fresh)
    {
        (Old, New) = (old, fresh);
        belay = new BelayProcess(folder.FullName);
        journal = new JournalTail(PathOf($".belay/runs/{Name}/journal.jsonl"));
        CopyExample();
        File.WriteAllText(PathOf("shop.env"), $"CACHE_ENDPOINT={old.Endpoint}\nOTHER=1\n");
        File.WriteAllText(PathOf("worker.env"), $"CACHE_ENDPOINT={old.Endpoint}\n");
        File.WriteAllText(PathOf("cache-old.pid"), $"{old.Pid}\n");
        File.WriteAllText(PathOf("cache.password"), Password);
        writers = RedisWriters.Start(
            new RedisWritersOptions { Endpoint = () => Endpoint("shop.env"), Password = Password }
        );
    }

    /// <summary>The run.</summary>
    public static string Name => "cache";

    public RedisServer Old { get; }

    public RedisServer New { get; }

    /// <summary>What the worker read each time that it was told.</summary>
    public string[] Told => File.ReadAllLines(PathOf("worker.told"));

    /// <summary>How much time without a use was watched so far; null before the first look.</summary>
    public TimeSpan? Watched
    {
        get
        {
            if (!Directory.Exists(PathOf(".belay")))
                return null;
            var note = Directory.EnumerateFiles(PathOf(".belay"), "*.idle.json", SearchOption.AllDirectories).ToArray();
            if (note.Length == 0)
                return null;
            using var json = JsonDocument.Parse(File.ReadAllText(note[0]));
            return Duration.TryParse(json.RootElement.GetProperty("watched").GetString()!, out var t)
                ? t
                : throw new FormatException("no duration");
        }
    }

    /// <summary>Starts the servers, the old one with keys of all types, and the services.</summary>
    /// <param name="cycle">How long nobody may have used the old server before it goes.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<CacheMove> StartAsync(string cycle, CancellationToken ct)
    {
        var old = await RedisServer.StartAsync(Options(RedisFlavor.Redis), ct);
        using (var wire = await RedisWire.OpenAsync(old.Endpoint, Password, ct))
            await RedisSeed.FillAsync(wire, Keys, ct);
        var move = new CacheMove(old, await RedisServer.StartAsync(Options(RedisFlavor.Valkey), ct));
        await File.WriteAllTextAsync(move.PathOf("environments/default.yaml"), move.Environment(cycle), ct);
        await move.writers.WriteMoreAsync(20, Patience, ct);
        return move;
    }

    /// <summary>Calls a verb to its end.</summary>
    public Task<Ended> CallAsync(CancellationToken ct, params string[] words) => belay.RunAsync(words, null, ct);

    /// <summary>Calls a verb, and kills it as soon as the journal holds something new of a kind; true when that was in time.</summary>
    public async Task<bool> KillAsync(Func<JournalEvent, bool> moment, CancellationToken ct, params string[] words)
    {
        journal.Read();
        var from = journal.Entries.Count;
        var ended = await belay.RunAsync(words, () => ValueTask.FromResult(Since(from).Any(moment)), ct);
        return ended.ExitCode is null;
    }

    /// <summary>Calls a verb and asks something again and again meanwhile; kills it when the answer is yes.</summary>
    public Task<Ended> WatchAsync(Func<ValueTask<bool>> killWhen, CancellationToken ct, params string[] words) =>
        belay.RunAsync(words, killWhen, ct);

    /// <summary>What the journal holds by now.</summary>
    public IEnumerable<JournalEvent> Events()
    {
        journal.Read();
        return Since(0);
    }

    /// <summary>Services go on writing; those who have a server now are acknowledged.</summary>
    public Task WriteMoreAsync(CancellationToken ct) => writers.WriteMoreAsync(20, Patience, ct);

    /// <summary>All services write to a server, it holds all that was ever acknowledged, and the seeded keys.</summary>
    public async Task AssertWriterOfRecordAsync(RedisServer server, CancellationToken ct)
    {
        await WriteMoreAsync(ct);
        await writers.StopAsync();
        Assert.Equal([server.Endpoint, server.Endpoint], [Endpoint("shop.env"), Endpoint("worker.env")]);
        Assert.Empty(await writers.LostAsync(server.Endpoint, ct));
        using var wire = await RedisWire.OpenAsync(server.Endpoint, Password, ct);
        // Of each service one write more may be there that it was not told of any more.
        var expected = Keys + writers.Acknowledged;
        Assert.InRange(long.Parse((await wire.CallAsync(ct, "DBSIZE"))[0]!), expected, expected + writers.Gaps.Count);
        Assert.Equal("hello", (await wire.CallAsync(ct, "FCALL", "hello", "0"))[0]);
        var verified = await CallAsync(ct, "verify", Name);
        Assert.True(verified.ExitCode == 0, verified.Said);
    }

    public async ValueTask DisposeAsync()
    {
        await writers.DisposeAsync();
        await New.DisposeAsync();
        await Old.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private IEnumerable<JournalEvent> Since(int from)
    {
        journal.Read();
        return journal.Entries.Skip(from).Select(entry => entry.Event);
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private string Endpoint(string file) => File.ReadAllLines(PathOf(file))[0].Split('=')[1];

    private static RedisOptions Options(RedisFlavor flavor) =>
        new()
        {
            Flavor = flavor,
            Password = Password,
            // Without the setting a full copy waits five seconds for more replicas to come.
            Configuration = ["repl-diskless-sync-delay 0"],
        };

    private void CopyExample()
    {
        var example = Path.Combine(AppContext.BaseDirectory, "redis-to-valkey");
        foreach (var file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
        {
            var to = PathOf(Path.GetRelativePath(example, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private string Environment(string cycle) =>
        $$"""
            connections:
              cache-old: { kind: redis, host: 127.0.0.1, port: {{Old.Port}}, password: "${secret:CACHE}" }
              cache-new: { kind: redis, host: 127.0.0.1, port: {{New.Port}}, password: "${secret:CACHE}" }
            secrets:
              CACHE: { file: cache.password }
            values:
              cycle: {{cycle}}
            roles:
              release-manager: [jana]
            """;
}
