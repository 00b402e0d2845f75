using Npgsql;

namespace Storefront;

/// <summary>What the process reads from its environment; <c>release/VERSION/.env.example</c> names every variable.</summary>
internal sealed record Settings
{
    /// <summary>The loopback port that the shop listens on.</summary>
    public required int Port { get; init; }

    /// <summary>The connection string of the order database.</summary>
    public required string Database { get; init; }

    /// <summary>The file that names the session cache's endpoint; see <see cref="Cache.CacheFile"/>.</summary>
    public required string CacheFile { get; init; }

    /// <summary>While this file is missing the health page says 404, which takes the server out of rotation.</summary>
    public required string HealthFile { get; init; }

    /// <summary>The currency printed on orders, from release 4.2.0 on.</summary>
    public required string? Currency { get; init; }

    public static Settings FromEnvironment(Release release) =>
        new()
        {
            Port = ReadPort("SHOP_PORT"),
            Database = new NpgsqlConnectionStringBuilder
            {
                Host = Required("SHOP_DB_HOST"),
                Port = ReadPort("SHOP_DB_PORT"),
                Database = Required("SHOP_DB_NAME"),
                Username = Required("SHOP_DB_USER"),
                Password = Required("SHOP_DB_PASSWORD"),
            }.ConnectionString,
            CacheFile = Required("SHOP_CACHE_FILE"),
            HealthFile = Required("SHOP_HEALTH_FILE"),
            Currency = release.RequiresCurrency ? Required("SHOP_CURRENCY") : null,
        };

    private static int ReadPort(string name) =>
        int.TryParse(Required(name), out var port) ? port : throw new SettingsException($"{name} is not a port number");

    private static string Required(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new SettingsException($"{name} is not set: release/VERSION/.env.example says what it means");
}
