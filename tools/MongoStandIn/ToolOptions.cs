using System.Globalization;
using Belay.Connectors.MongoDb;
using Belay.Domain.Contract;

namespace Belay.MongoStandIn;

/// <summary>The options of a stand-in program: <c>--name=value</c> or <c>--name</c>, as the real tools take them.</summary>
internal sealed class ToolOptions
{
    private readonly Dictionary<string, string> values = [];

    /// <summary>An option's value; null when it was not given, empty when it has none.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    public static ToolOptions Parse(IEnumerable<string> words)
    {
        var options = new ToolOptions();
        foreach (var word in words)
        {
            var parts = word.Split('=', 2);
            options.values[parts[0].TrimStart('-')] = parts.Length > 1 ? parts[1] : "";
        }
        return options;
    }

    public static int Fail(string message)
    {
        Console.Error.WriteLine($"Failed: {message}");
        return 1;
    }

    public string Require(string name) =>
        this[name] ?? throw new ArgumentException($"--{name} is missing", nameof(name));

    public int Number(string name) => int.Parse(Require(name), CultureInfo.InvariantCulture);

    /// <summary>The connection. As with the real tools a user's password, not given, is read from the standard input.</summary>
    public MongoDbSettings Connection(string database) =>
        new()
        {
            Host = this["host"] ?? "127.0.0.1",
            Port = Number("port"),
            Database = database,
            User = this["username"],
            Password = this["username"] is null ? null : new Secret(Console.In.ReadLine() ?? ""),
            AuthSource = this["authenticationDatabase"] ?? "admin",
            Tls = this["ssl"] is not null,
            TlsCa = this["sslCAFile"],
        };
}
