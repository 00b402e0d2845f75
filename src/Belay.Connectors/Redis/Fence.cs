using System.Globalization;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis;

/// <summary>
/// How a server is kept from accepting writes.
/// A pause (CLIENT PAUSE ... WRITE) holds writes back and ends by itself at its deadline, whoever died meanwhile.
/// A fence (min-replicas-to-write) answers writes with -NOREPLICAS and stays until it is lifted or the server restarts.
/// </summary>
/// <remarks>
/// The fence is armed before it is needed: with min-replicas-to-write set to the number of replicas that are connected
/// now, the server goes on accepting writes, and refuses them from the moment at which one replica leaves. Promoting
/// that replica therefore fences the old server by the same act, with no instant at which both or neither could be
/// chosen by a crash of Belay.
/// </remarks>
internal static class Fence
{
    /// <summary>More replicas than any server ever has (the setting's greatest value).</summary>
    public const int Closed = int.MaxValue;

    private const string Replicas = "min-replicas-to-write";
    private const string Lag = "min-replicas-max-lag";

    /// <summary>How many replicas a server asks for before it accepts a write, and how old (in seconds) their last word may be; either 0: none.</summary>
    public sealed record Setting(int Replicas, int MaxLag);

    /// <summary>Reads the setting.</summary>
    public static async Task<Setting> ReadAsync(RedisClient client, CancellationToken ct) =>
        new(
            await Configuration.ReadNumberAsync(client, Replicas, ct),
            await Configuration.ReadNumberAsync(client, Lag, ct)
        );

    /// <summary>The command that asks for this many replicas. A max-lag of 0 would switch the whole fence off.</summary>
    public static RespCommand Ask(int replicas, int maxLag) =>
        RespCommand.Of(
            "CONFIG",
            "SET",
            Replicas,
            replicas.ToString(CultureInfo.InvariantCulture),
            Lag,
            Math.Max(maxLag, 10).ToString(CultureInfo.InvariantCulture)
        );

    /// <summary>The command that puts the setting back to what it was.</summary>
    public static RespCommand Restore(Setting setting) =>
        RespCommand.Of(
            "CONFIG",
            "SET",
            Replicas,
            setting.Replicas.ToString(CultureInfo.InvariantCulture),
            Lag,
            setting.MaxLag.ToString(CultureInfo.InvariantCulture)
        );

    /// <summary>The command that holds back all writes until the deadline.</summary>
    public static RespCommand Pause(TimeSpan deadline) =>
        RespCommand.Of(
            "CLIENT",
            "PAUSE",
            ((long)deadline.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            "WRITE"
        );

    /// <summary>The command that ends a pause.</summary>
    public static RespCommand Resume { get; } = RespCommand.Of("CLIENT", "UNPAUSE");

    /// <summary>The commands that close all connections of clients but our own.</summary>
    public static IReadOnlyList<RespCommand> CloseClients { get; } =
    [
        RespCommand.Of("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"),
        RespCommand.Of("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes"),
    ];
}
