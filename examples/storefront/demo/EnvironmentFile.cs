using Belay.Parts;

namespace Storefront.Demo;

/// <summary>The environment as Belay reads it.</summary>
internal static class EnvironmentFile
{
    public static Task WriteAsync(LiveSystem system, CancellationToken ct) =>
        File.WriteAllTextAsync(Path.Combine(system.Folder, "environments", "default.yaml"), Text(system), ct);

    private static string Text(LiveSystem system) =>
        $$"""
            # Written by the demonstration: the ports are free ones of this machine.
            connections:
              edge: { kind: haproxy, sockets: ["{{system.Balancer.Socket}}"] }
              db:
                kind: postgresql
                host: 127.0.0.1
                port: {{system.Database.Port}}
                database: shop
                user: shop
                password: ${secret:shop_db_password}
                tools: {{Path.Combine(PartsFolder.Location, "bin")}}
              cache-old: { kind: redis, host: 127.0.0.1, port: {{system.OldCache.Port}} }
              cache-new: { kind: redis, host: 127.0.0.1, port: {{system.NewCache.Port}} }
            secrets:
              shop_db_password: { env: SHOP_DB_PASSWORD }
            values:
              shop_url: {{system.ShopUrl.GetLeftPart(UriPartial.Authority)}}
              load_url: http://127.0.0.1:{{system.LoadPort}}
              cache_file: {{system.CacheFile}}
              program: {{ChildProcess.Program("Storefront")}}
              servers:
            {{string.Concat(
                system.Servers.Select(pair =>
                    $"    - {{ name: {pair.New.Name}, old: {pair.Old.Name}, old_address: 127.0.0.1:{pair.Old.Port}, new: {pair.New.Name}, new_address: 127.0.0.1:{pair.New.Port} }}\n"
                )
            )}}
            """;
}
