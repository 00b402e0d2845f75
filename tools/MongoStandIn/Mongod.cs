namespace Belay.MongoStandIn;

/// <summary>The server as a program of its own: <c>mongod --port=N [--replSet=NAME] [--username=U --password=P]</c>. It ends with its standard input.</summary>
internal static class Mongod
{
    public static async Task<int> RunAsync(ToolOptions options)
    {
        await using var server = StandInServer.Start(
            new StandInOptions
            {
                Port = options.Number("port"),
                ReplicaSet = options["replSet"],
                User = options["username"],
                Password = options["password"],
            }
        );
        Console.WriteLine($"listening on 127.0.0.1:{server.Port}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
