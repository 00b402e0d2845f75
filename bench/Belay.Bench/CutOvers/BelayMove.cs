using System.Diagnostics;
using Belay.Bench.Contenders;

namespace Belay.Bench.CutOvers;

/// <summary>Belay: the published program runs a plan that replicates and cuts over.</summary>
internal sealed class BelayMove(string belay) : IRedisMove
{
    public string Name => "Belay: replicate, cut over";

    public async Task MoveAsync(CacheSite site, CancellationToken ct)
    {
        await site.StartNewAsync(snapshot: null, ct);
        Directory.CreateDirectory(Path.Combine(site.Folder, "environments"));
        await File.WriteAllTextAsync(
            Path.Combine(site.Folder, "environments/default.yaml"),
            $$"""
            connections:
              cache-old: { kind: redis, host: 127.0.0.1, port: {{site.Old.Port}} }
              cache-new: { kind: redis, host: 127.0.0.1, port: {{site.New.Port}} }
            """,
            ct
        );
        await File.WriteAllTextAsync(
            Path.Combine(site.Folder, "plan.yaml"),
            """
            belay: 1
            upgrade: bench
            from: 7.0.15
            to: 8.0.1
            steps:
              - do: redis.replicate
                with: { from: cache-old, to: cache-new }
              # The others compare nothing; lint lets no writes move without it.
              - check: redis.same
                with: { from: cache-old, to: cache-new, sample-above: 1000 }
                within: 1m
              - do: redis.cut-over
                with: { from: cache-old, to: cache-new, switch: { file: cache.env, key: CACHE } }
            """,
            ct
        );
        using var process = Process.Start(
            new ProcessStartInfo(
                "/bin/sh",
                ["-c", "exec >output 2>&1 </dev/null \"$@\"", "sh", belay, "run", "plan.yaml", "--by", "bench"]
            )
            {
                WorkingDirectory = site.Folder,
            }
        )!;
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
        {
            var said = await File.ReadAllTextAsync(Path.Combine(site.Folder, "output"), ct);
            throw new ContenderException($"belay run ended with {process.ExitCode}: {said}");
        }
    }
}
