using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>The command lines of <c>pg_dump</c>, <c>pg_restore</c> and <c>psql</c>. Pure; the password travels in the environment.</summary>
internal static class Tools
{
    // The step's own limit ends the work; the runner's is only there so that nothing can hang for ever.
    private static readonly TimeSpan Limit = TimeSpan.FromDays(7);

    /// <summary>Saves a database as it stood at a snapshot.</summary>
    /// <param name="settings">The connection.</param>
    /// <param name="snapshot">What <c>pg_export_snapshot()</c> gave; its transaction is still open.</param>
    /// <param name="format">The archive's format.</param>
    /// <param name="path">Where the archive is written (absolute).</param>
    public static Command Dump(PostgreSqlSettings settings, string snapshot, ArchiveFormat format, string path) =>
        Tool(
            settings,
            "pg_dump",
            settings.Database,
            "--verbose",
            format == ArchiveFormat.Directory ? "--format=directory" : "--format=custom",
            $"--snapshot={snapshot}",
            // A migration that holds a table must not be joined by a dump that waits for it for ever.
            "--lock-wait-timeout=30s",
            // A subscription in a scratch database would begin to take the live one's messages.
            "--no-subscriptions",
            $"--file={path}"
        );

    /// <summary>Fills an empty database from an archive; the first error ends it.</summary>
    public static Command Restore(PostgreSqlSettings settings, string database, string archive) =>
        Tool(settings, "pg_restore", database, "--verbose", "--exit-on-error", "--no-subscriptions", archive);

    /// <summary>Saves a database's schema alone: no rows, and nothing of replication or of the machine's folders.</summary>
    public static Command DumpSchema(PostgreSqlSettings settings, string path) =>
        Tool(
            settings,
            "pg_dump",
            settings.Database,
            "--schema-only",
            "--format=custom",
            "--lock-wait-timeout=30s",
            "--no-publications",
            "--no-subscriptions",
            "--no-tablespaces",
            $"--file={path}"
        );

    /// <summary>Makes a saved schema in an empty database: all of it, or nothing.</summary>
    public static Command RestoreSchema(PostgreSqlSettings settings, string archive) =>
        Tool(settings, "pg_restore", settings.Database, "--single-transaction", "--exit-on-error", archive);

    /// <summary>Runs a script by <c>psql</c>, begun on a connection; passwords come from a file, for the script may lead elsewhere.</summary>
    public static Command Script(PostgreSqlSettings settings, string script, string passwords)
    {
        var tool = Tool(
            settings,
            "psql",
            settings.Database,
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            $"--file={script}"
        );
        return tool with { Environment = tool.Environment.Remove("PGPASSWORD").Add("PGPASSFILE", passwords) };
    }

    private static Command Tool(
        PostgreSqlSettings settings,
        string program,
        string database,
        params ImmutableArray<string> arguments
    ) =>
        new()
        {
            Program = settings.Tools is { } folder ? Path.Combine(folder, program) : program,
            Arguments =
            [
                $"--host={settings.Host}",
                string.Create(CultureInfo.InvariantCulture, $"--port={settings.Port}"),
                $"--username={settings.User}",
                "--no-password",
                // As a connection string, so that no database's name can be mistaken for one.
                $"--dbname=dbname='{database.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'",
                .. arguments,
            ],
            Environment = Variables(settings),
            Redact = settings.Password is { } password ? [password.Reveal()] : [],
            Limit = Limit,
        };

    // libpq's variables: PostgreSQL documentation, "Environment Variables".
    private static ImmutableDictionary<string, string> Variables(PostgreSqlSettings settings)
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string>();
        variables["LC_ALL"] = "C";
        variables["PGAPPNAME"] = Server.ApplicationName;
        variables["PGCONNECT_TIMEOUT"] = "10";
        variables["PGSSLMODE"] = settings.Tls switch
        {
            TlsMode.Disable => "disable",
            TlsMode.Prefer => "prefer",
            TlsMode.Require => "require",
            TlsMode.VerifyCa => "verify-ca",
            TlsMode.VerifyFull => "verify-full",
            _ => throw new ArgumentOutOfRangeException(nameof(settings)),
        };
        if (settings.TlsRoot is { } root)
            variables["PGSSLROOTCERT"] = root;
        if (settings.Password is { } password)
            variables["PGPASSWORD"] = password.Reveal();
        return variables.ToImmutable();
    }
}
