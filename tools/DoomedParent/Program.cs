using Belay.Parts;

// Starts one server of each kind, prints their process ids and waits: a test kills it and looks what is left.
var folder = args[0];
string Configuration(HaProxyFiles files) =>
    $"""
        global
            stats socket {files.Socket} level admin
        defaults
            timeout connect 1s
            timeout client 1s
            timeout server 1s
        listen edge
            bind 127.0.0.1:{FreePort.Take()}

        """;

await using var redis = await RedisServer.StartAsync(new() { Folder = Path.Combine(folder, "redis") });
await using var haProxy = await HaProxyServer.StartAsync(
    new() { Configuration = Configuration, Folder = Path.Combine(folder, "haproxy") }
);
await using var postgres = await PostgresServer.StartAsync(new() { Folder = Path.Combine(folder, "postgres") });
Console.WriteLine($"{redis.Pid} {haProxy.Pid} {postgres.Pid}");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
