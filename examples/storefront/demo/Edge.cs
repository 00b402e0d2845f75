using System.Collections.Immutable;
using Belay.Parts;

namespace Storefront.Demo;

/// <summary>The balancer's configuration.</summary>
internal static class Edge
{
    public static string Configuration(HaProxyFiles files, int port, ImmutableArray<ServerPair> servers) =>
        $"""
            global
                stats socket {files.Socket} mode 600 level admin
                server-state-file {files.StateFile}
            defaults
                mode http
                load-server-state-from-file global
                timeout connect 1s
                timeout client 60s
                timeout http-keep-alive 60s
                timeout server 15s
                timeout check 2s
                # A request that meets a server which is gone fails. Retries would hide a careless upgrade.
                retries 0
            frontend shop
                bind 127.0.0.1:{port}
                default_backend shop
            backend shop
                balance roundrobin
                option httpchk GET /healthz
                # A removed health file takes a server out of rotation instead of cutting its requests off.
                http-check disable-on-404
                default-server inter 250ms fall 2 rise 1
            {string.Concat(servers.Select(pair => $"    server {pair.Old.Name} 127.0.0.1:{pair.Old.Port} check\n"))}
            """;
}
