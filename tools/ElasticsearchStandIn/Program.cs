using System.Globalization;
using Belay.ElasticsearchStandIn;

// belay-elasticsearch-stand-in PORT [opensearch]; it ends with its standard input.
await using var server = StandInServer.Start(
    new StandInOptions
    {
        Port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : null,
        OpenSearch = args is [_, "opensearch"],
    }
);
Console.WriteLine($"listening on {server.Url}");
await Console.In.ReadToEndAsync();
