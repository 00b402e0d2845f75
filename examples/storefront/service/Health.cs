using Npgsql;
using Storefront.Cache;

namespace Storefront;

/// <summary>Whether this server may take requests, found out from the things it depends on.</summary>
internal sealed class Health(Settings settings, Release release, SessionStore sessions, OrderBook orders)
{
    public async Task<HealthState> CheckAsync(CancellationToken ct)
    {
        if (!File.Exists(settings.HealthFile))
            return new HealthState.TakenOut();
        try
        {
            await sessions.CountAsync(ct);
            var schema = await orders.SchemaAsync(ct);
            return release.WorksOn(schema)
                ? new HealthState.Healthy()
                : new HealthState.Sick(
                    $"release {release.Version} works on schema {release.SchemaFrom} to {release.SchemaTo}, the database is at {schema}"
                );
        }
        catch (Exception error) when (error is CacheException or NpgsqlException)
        {
            return new HealthState.Sick(error.Message);
        }
    }
}
