using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis;

/// <summary>A replica's link to its source over TLS: what it needs for it, and the settings that make it (CONFIG SET, until the server restarts).</summary>
/// <remarks>A server uses TLS at all only with a certificate of its own, and for replication only with authorities to trust (https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/).</remarks>
internal static class ReplicaTls
{
    private const string Replication = "tls-replication";
    private const string Ca = "tls-ca-cert-file";
    private const string CaFolder = "tls-ca-cert-dir";
    private const string Certificate = "tls-cert-file";
    private const string Key = "tls-key-file";

    /// <summary>Reads the settings; null when the server was built without TLS.</summary>
    public static async Task<TargetTls?> ReadAsync(RedisClient client, CancellationToken ct)
    {
        var settings = await Configuration.ReadManyAsync(client, ct, Replication, Ca, CaFolder, Certificate, Key);
        return settings.TryGetValue(Replication, out var replication)
            ? new TargetTls
            {
                Replication = replication == "yes",
                Ca = settings[Ca],
                CaFolder = settings[CaFolder],
                Certificate = settings[Certificate],
                Key = settings[Key],
            }
            : null;
    }

    /// <summary>The settings with which the target copies a source that speaks TLS, or one that does not. Pure.</summary>
    public static TargetTls? Wanted(TargetTls? now, ReplicationTls? files, bool isSecure) =>
        now is null
            ? null
            : now with
            {
                Replication = isSecure,
                Ca = files?.Ca ?? now.Ca,
                Certificate = files?.Certificate ?? now.Certificate,
                Key = files?.Key ?? now.Key,
            };

    /// <summary>Why a target with these settings cannot copy a source that speaks TLS; null when it can. Pure.</summary>
    public static string? Lack(TargetTls? wanted, string target) =>
        wanted switch
        {
            null => $"{target} was built without TLS and cannot copy a server that speaks it",
            { Ca.Length: 0, CaFolder.Length: 0 } =>
                $"{target} trusts no authority: name a file on its machine by tls.ca, or set its tls-ca-cert-file",
            { Certificate.Length: 0 } or { Key.Length: 0 } =>
                $"{target} has no certificate of its own, without which a server speaks no TLS: name files on its machine by tls.certificate and tls.key, or set its tls-cert-file and tls-key-file",
            _ => null,
        };

    /// <summary>The one command that alters the settings, all or none; nothing when they are so already.</summary>
    public static IEnumerable<RespCommand> Change(TargetTls? now, TargetTls? wanted)
    {
        if (now is null || wanted is null || now == wanted)
            yield break;
        yield return RespCommand.Of(
            "CONFIG",
            "SET",
            Ca,
            Words.FromText(wanted.Ca),
            Certificate,
            Words.FromText(wanted.Certificate),
            Key,
            Words.FromText(wanted.Key),
            Replication,
            wanted.Replication ? "yes" : "no"
        );
    }
}
