using System.Globalization;
using Belay.Domain.Contract;
using Npgsql;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which database cluster answers: the number that <c>initdb</c> gave it (PostgreSQL documentation, 9.27.5 "Control Data Functions": <c>pg_control_system()</c>).</summary>
/// <remarks>A physical standby has its primary's number: a failover is no other system. A dump that is restored elsewhere, and a cluster made by pg_upgrade, have another one.</remarks>
internal static class SystemIdentifier
{
    /// <exception cref="OperationException">The server cannot be reached, or the role may not ask.</exception>
    public static async Task<string> ReadAsync(PostgreSqlSettings settings, CancellationToken ct)
    {
        var place = $"{settings.Database} at {settings.Host}:{settings.Port}";
        await using var session = await OpenAsync(new Server(settings, settings.Database), ct);
        try
        {
            await using var ask = new NpgsqlCommand("select system_identifier from pg_control_system()", session);
            return Convert.ToString(await ask.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture)!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw OperationException.Refused(
                $"{place}: the role {settings.User} may not read which server this is: grant execute on function pg_control_system() to {settings.User}",
                e
            );
        }
        catch (Exception e) when (Failures.Of(e, place) is not null)
        {
            throw Failures.Of(e, place)!;
        }
    }

    // A restore that was killed leaves its database closed, or between two names: the cluster is the same whichever is asked.
    private static async Task<NpgsqlConnection> OpenAsync(Server server, CancellationToken ct)
    {
        try
        {
            return await server.OpenAsync(ct);
        }
        catch (OperationException e)
            when (e.InnerException
                    is PostgresException
                    {
                        SqlState: PostgresErrorCodes.ObjectNotInPrerequisiteState
                            or PostgresErrorCodes.InvalidCatalogName
                    }
            )
        {
            return await server.OpenMaintenanceAsync(ct);
        }
    }
}
