namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>What a database needs around it, and which no dump of a single database brings along: roles, extensions, settings, grants.</summary>
internal sealed class SurroundingsInventory(Side from, Side to)
{
    public async Task<IEnumerable<MoveFinding>> ReadAsync(CancellationToken ct) =>
        [.. await ExtensionsAsync(ct), .. await RolesAsync(ct), .. await SettingsAsync(ct), .. await GrantsAsync(ct)];

    private async Task<IEnumerable<MoveFinding>> ExtensionsAsync(CancellationToken ct)
    {
        var used = await from.ReadAsync(
            "SELECT extname::text, extversion FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
            row => (Name: row.GetString(0), Version: row.GetString(1)),
            ct
        );
        var offered = (
            await to.ReadAsync(
                "SELECT a.name::text, coalesce(e.extversion, a.default_version) FROM pg_available_extensions a LEFT JOIN pg_extension e ON e.extname = a.name",
                row => KeyValuePair.Create(row.GetString(0), row.GetString(1)),
                ct
            )
        ).ToDictionary(StringComparer.Ordinal);
        return used.Where(extension => offered.GetValueOrDefault(extension.Name) != extension.Version)
            .Select(extension =>
                offered.TryGetValue(extension.Name, out var other)
                    ? MoveFinding.Note(
                        $"extension {extension.Name}",
                        $"version {extension.Version} on {from.Name}, {other} on {to.Name}: read its release notes"
                    )
                    : MoveFinding.Stop(
                        $"extension {extension.Name}",
                        $"{to.Name} does not offer it: install its package there"
                    )
            );
    }

    private async Task<IEnumerable<MoveFinding>> RolesAsync(CancellationToken ct)
    {
        // Owners, roles with grants or policies, and whoever is connected now.
        var used = await from.ReadAsync(
            """
            SELECT r.rolname::text, r.rolcanlogin FROM pg_roles r WHERE r.oid IN (
                SELECT d.refobjid FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass
                    AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                UNION SELECT relowner FROM pg_class UNION SELECT nspowner FROM pg_namespace UNION SELECT proowner FROM pg_proc
                UNION SELECT a.usesysid FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid())
            ORDER BY 1
            """,
            row => (Name: row.GetString(0), LogsIn: row.GetBoolean(1)),
            ct
        );
        var there = (
            await to.ReadAsync(
                "SELECT rolname::text, rolcanlogin FROM pg_roles",
                row => KeyValuePair.Create(row.GetString(0), row.GetBoolean(1)),
                ct
            )
        ).ToDictionary(StringComparer.Ordinal);
        return used.Where(role => !there.TryGetValue(role.Name, out var logsIn) || (role.LogsIn && !logsIn))
            .Select(role =>
                MoveFinding.Stop(
                    $"role {role.Name}",
                    there.ContainsKey(role.Name)
                        ? $"it may not log in on {to.Name}: ALTER ROLE {Sql.Name(role.Name)} LOGIN there"
                        : $"{to.Name} does not have it: bring it over by pg_dumpall --roles-only, which keeps its password"
                )
            );
    }

    private async Task<IEnumerable<MoveFinding>> SettingsAsync(CancellationToken ct) =>
        (await SettingsAsync(from, ct))
            .Except(await SettingsAsync(to, ct), StringComparer.Ordinal)
            .Select(setting =>
                MoveFinding.Stop(
                    "settings of the database",
                    $"{to.Name} lacks {setting}: set it there by ALTER DATABASE {Sql.Name(to.Settings.Database)} SET ..., or ALTER ROLE ... IN DATABASE"
                )
            );

    private static Task<List<string>> SettingsAsync(Side side, CancellationToken ct) =>
        side.ReadAsync(
            """
            SELECT concat('for role ' || r.rolname || ' ', s.setting) FROM pg_db_role_setting d JOIN pg_database b ON b.oid = d.setdatabase
                LEFT JOIN pg_roles r ON r.oid = d.setrole, unnest(d.setconfig) s (setting)
            WHERE b.datname = current_database() ORDER BY 1
            """,
            row => row.GetString(0),
            ct
        );

    private async Task<IEnumerable<MoveFinding>> GrantsAsync(CancellationToken ct) =>
        (await GrantsAsync(from, ct))
            .Except(await GrantsAsync(to, ct), StringComparer.Ordinal)
            .Select(grant =>
                MoveFinding.Stop(
                    "grants on the database",
                    $"{to.Name} lacks {grant}: GRANT {grant.Replace(" to ", $" ON DATABASE {Sql.Name(to.Settings.Database)} TO ", StringComparison.Ordinal)}"
                )
            );

    private static Task<List<string>> GrantsAsync(Side side, CancellationToken ct) =>
        side.ReadAsync(
            """
            SELECT format('%s to %s', a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END)
            FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) a
            WHERE datname = current_database() ORDER BY 1
            """,
            row => row.GetString(0),
            ct
        );
}
