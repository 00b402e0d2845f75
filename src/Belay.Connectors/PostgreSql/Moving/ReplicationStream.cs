using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>
/// Logical replication of one database into another one: a publication of all tables and a slot at the publisher, a
/// subscription at the subscriber. Its parts have the same names in every move, so that each attempt finds them.
/// </summary>
/// <remarks>PostgreSQL documentation, chapter 29 "Logical Replication"; <c>CREATE SUBSCRIPTION</c> for what <c>connect = false</c> and <c>create_slot = false</c> leave to be done.</remarks>
internal sealed class ReplicationStream(Side publisher, Side subscriber)
{
    /// <summary>The name of publication and subscription.</summary>
    public const string Name = "belay_move";

    // The first version whose subscriptions can leave out rows that were replicated themselves.
    private const int OriginNone = 160_000;

    /// <summary>How long after the publisher a subscriber is that keeps up: where much is written, it is always some bytes behind.</summary>
    /// <remarks>It says how far it is every ten seconds at the latest (<c>wal_receiver_status_interval</c>).</remarks>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LeavingLimit = TimeSpan.FromSeconds(30);

    /// <summary>The slot; slots are named in the whole cluster, so the database's number is part of it.</summary>
    public string Slot => string.Create(CultureInfo.InvariantCulture, $"{Name}_{publisher.Oid}");

    /// <summary>Whether the subscriber has the subscription, and to this publisher.</summary>
    /// <exception cref="OperationException">Refused: a subscription of this name leads elsewhere.</exception>
    public async Task<bool> IsSubscribedAsync(CancellationToken ct)
    {
        var leads = await subscriber.ReadAsync(
            $"SELECT subconninfo FROM pg_subscription WHERE subname = {Sql.Text(Name)} AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
            row => row.GetString(0),
            ct
        );
        if (leads.Count == 0)
            return false;
        return leads[0].StartsWith(Address(), StringComparison.Ordinal)
            ? true
            : throw OperationException.Refused(
                $"{subscriber.Place} has a subscription {Name} that does not lead to {publisher.Place}: another move is under way there"
            );
    }

    /// <summary>Whether the subscription is at work.</summary>
    public Task<bool> IsEnabledAsync(CancellationToken ct) =>
        subscriber.AnyAsync($"SELECT FROM pg_subscription WHERE subname = {Sql.Text(Name)} AND subenabled", ct);

    /// <summary>Whether the publisher has the slot.</summary>
    public Task<bool> HasSlotAsync(CancellationToken ct) =>
        publisher.AnyAsync($"SELECT FROM pg_replication_slots WHERE slot_name = {Sql.Text(Slot)}", ct);

    /// <summary>Whether the publisher has the publication.</summary>
    public Task<bool> IsPublishedAsync(CancellationToken ct) =>
        publisher.AnyAsync($"SELECT FROM pg_publication WHERE pubname = {Sql.Text(Name)}", ct);

    /// <summary>How far the subscriber is behind, in bytes of the write-ahead log; null: the publisher has no slot.</summary>
    public async Task<long?> BehindAsync(CancellationToken ct)
    {
        var behind = await publisher.ReadAsync(
            $"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint FROM pg_replication_slots WHERE slot_name = {Sql.Text(Slot)}",
            row => row.IsDBNull(0) ? long.MaxValue : row.GetInt64(0),
            ct
        );
        return behind.Count > 0 ? Math.Max(0, behind[0]) : null;
    }

    /// <summary>Whether the subscriber comes, within a limit, to where the publisher is now; whatever is written meanwhile.</summary>
    public async Task<bool> ReachesAsync(TimeSpan limit, TimeProvider clock, CancellationToken ct)
    {
        var here = (await publisher.ReadAsync("SELECT pg_current_wal_lsn()::text", row => row.GetString(0), ct))[0];
        var begun = clock.GetTimestamp();
        while (clock.GetElapsedTime(begun) < limit)
        {
            if (
                await publisher.AnyAsync(
                    $"SELECT FROM pg_replication_slots WHERE slot_name = {Sql.Text(Slot)} AND confirmed_flush_lsn >= {Sql.Text(here)}::pg_lsn",
                    ct
                )
            )
                return true;
            await Task.Delay(Interval, clock, ct);
        }
        return false;
    }

    /// <summary>Publishes every table.</summary>
    public async Task PublishAsync(CancellationToken ct)
    {
        if (!await IsPublishedAsync(ct))
            await publisher.RunAsync(Publication, ct);
    }

    /// <summary>The statement that publishes every table.</summary>
    public static string Publication => $"CREATE PUBLICATION {Name} FOR ALL TABLES";

    /// <summary>Makes the slot: from here on the publisher keeps what the subscriber has not read.</summary>
    public async Task KeepAsync(CancellationToken ct)
    {
        if (!await HasSlotAsync(ct))
            await publisher.RunAsync($"SELECT pg_create_logical_replication_slot({Sql.Text(Slot)}, 'pgoutput')", ct);
    }

    /// <summary>The statements of a subscription that does nothing yet: it marks the subscriber as taken.</summary>
    public IEnumerable<string> Claim(string run) =>
        [
            // The statement holds the password: it belongs in no log.
            "SET LOCAL log_statement = 'none'",
            "SET LOCAL log_min_duration_statement = -1",
            $"CREATE SUBSCRIPTION {Name} CONNECTION {Sql.Text(ConnectionString())} PUBLICATION {Name} WITH (connect = false, slot_name = {Sql.Text(Slot)})",
            Mark(run),
        ];

    /// <summary>Sets the claimed subscription to work: tables that it does not know yet are copied. Safe to repeat.</summary>
    public async Task CopyAsync(CancellationToken ct)
    {
        await subscriber.RunAsync($"ALTER SUBSCRIPTION {Name} ENABLE", ct);
        await subscriber.RunAsync($"ALTER SUBSCRIPTION {Name} REFRESH PUBLICATION WITH (copy_data = true)", ct);
    }

    /// <summary>Makes a subscription that begins at the slot and copies nothing, and leaves it at rest.</summary>
    public async Task SubscribeAtRestAsync(string run, CancellationToken ct)
    {
        if (await IsSubscribedAsync(ct))
            return;
        // What arrives here by the other stream must not go back; before version 16 the order of the steps sees to that.
        var origin = subscriber.Version >= OriginNone && publisher.Version >= OriginNone ? ", origin = none" : "";
        await subscriber.RunTogetherAsync(
            [
                "SET LOCAL log_statement = 'none'",
                "SET LOCAL log_min_duration_statement = -1",
                $"CREATE SUBSCRIPTION {Name} CONNECTION {Sql.Text(ConnectionString())} PUBLICATION {Name} WITH (enabled = false, create_slot = false, slot_name = {Sql.Text(Slot)}, copy_data = false{origin})",
                Mark(run),
            ],
            ct
        );
    }

    /// <summary>Sets a subscription at rest to work.</summary>
    public Task StartAsync(CancellationToken ct) => subscriber.RunAsync($"ALTER SUBSCRIPTION {Name} ENABLE", ct);

    /// <summary>Leaves everything out that the publisher holds until now.</summary>
    /// <remarks>What the subscriber's other stream applied need not be flushed yet; the position is, so a commit of ours flushes it first.</remarks>
    public async Task SkipAsync(CancellationToken ct)
    {
        await publisher.RunAsync("SELECT pg_logical_emit_message(true, 'belay', '')", ct);
        await publisher.RunAsync(
            $"SELECT pg_replication_slot_advance({Sql.Text(Slot)}, pg_current_wal_flush_lsn())",
            ct
        );
    }

    /// <summary>Removes all parts, on both sides; those that are not there are passed over.</summary>
    public async Task RemoveAsync(TimeProvider clock, CancellationToken ct)
    {
        var number = await subscriber.ValueAsync<long>(
            $"SELECT oid::bigint FROM pg_subscription WHERE subname = {Sql.Text(Name)} AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
            ct
        );
        if (number > 0)
        {
            await subscriber.RunAsync($"ALTER SUBSCRIPTION {Name} DISABLE", ct);
            // Its slots are dropped below: with them named, a slot that is gone already would stop the whole.
            await subscriber.RunAsync($"ALTER SUBSCRIPTION {Name} SET (slot_name = NONE)", ct);
            await subscriber.RunAsync($"DROP SUBSCRIPTION {Name}", ct);
        }
        await DropSlotsAsync(number, clock, ct);
        await publisher.RunAsync($"DROP PUBLICATION IF EXISTS {Name}", ct);
    }

    // Besides its own slot, a copy that was under way has one for each table (pg_OID_sync_RELATION_SYSTEM).
    private async Task DropSlotsAsync(long number, TimeProvider clock, CancellationToken ct)
    {
        var ours =
            $"slot_name = {Sql.Text(Slot)}"
            + (
                number > 0
                    ? string.Create(CultureInfo.InvariantCulture, $" OR slot_name LIKE 'pg\\_{number}\\_sync\\_%'")
                    : ""
            );
        var begun = clock.GetTimestamp();
        while (await publisher.AnyAsync($"SELECT FROM pg_replication_slots WHERE ({ours})", ct))
        {
            await publisher.ReadAsync(
                $"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE ({ours}) AND active",
                row => row.GetBoolean(0),
                ct
            );
            await publisher.ReadAsync(
                $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE ({ours}) AND NOT active",
                row => row.IsDBNull(0),
                ct
            );
            if (clock.GetElapsedTime(begun) > LeavingLimit)
                throw OperationException.Transient($"{publisher.Place}: the slot {Slot} is still in use");
            await Task.Delay(Interval, clock, ct);
        }
    }

    private static string Mark(string run) => $"COMMENT ON SUBSCRIPTION {Name} IS {Sql.Text($"belay {run}")}";

    // libpq's connection string (PostgreSQL documentation, 34.1.1); the subscriber's server connects with it.
    private string Address() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"host={Quoted(publisher.Settings.Host)} port={publisher.Settings.Port} dbname={Quoted(publisher.Settings.Database)} "
        );

    private string ConnectionString()
    {
        var settings = publisher.Settings;
        var tls = settings.Tls switch
        {
            TlsMode.Disable => "disable",
            TlsMode.Prefer => "prefer",
            TlsMode.Require => "require",
            TlsMode.VerifyCa => "verify-ca",
            TlsMode.VerifyFull => "verify-full",
            _ => throw new InvalidOperationException($"unknown mode {settings.Tls}"),
        };
        return Address()
            + $"user={Quoted(settings.User)} sslmode={tls}"
            + (settings.TlsRoot is { } root ? $" sslrootcert={Quoted(root)}" : "")
            + (settings.Password is { } password ? $" password={Quoted(password.Reveal())}" : "");
    }

    private static string Quoted(string value) =>
        $"'{value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
