using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;

namespace Belay.Connectors.HaProxy;

/// <summary>A connection of kind <c>haproxy</c>: one balancer or several that serve the same backends, with all their processes.</summary>
/// <remarks>An address is the path of a unix socket, or <c>host:port</c>. At least one socket or master is named.</remarks>
public sealed record HaProxySettings : IIdentified
{
    /// <summary>Stats sockets with <c>level admin</c>, one for each process. A process that only finishes old connections after a reload has none: name the master where reloads happen.</summary>
    public ImmutableArray<string> Sockets { get; init; } = [];

    /// <summary>Master sockets (<c>haproxy -W -S</c>), one for each balancer. Through it every worker is reached, also those that leave after a reload.</summary>
    public ImmutableArray<string> Masters { get; init; } = [];

    /// <summary>For a socket or master named above, the <c>server-state-file</c> (absolute path on this machine) that a reload reads; written after each change. Default: none.</summary>
    public ImmutableSortedDictionary<string, string> StateFiles { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How long an answer of a socket may take. Default 5 seconds.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    /// <remarks>
    /// HAProxy has no id of its own: <c>show info</c> tells a name that anybody may give (<c>node</c>), and a process number. What can
    /// be told is the machine: a unix socket is answered by a process of this one. Of sockets over TCP nothing can be told.
    /// </remarks>
    public ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct) =>
        Sockets.Concat(Masters).Any(address => address.StartsWith('/'))
            ? MachineId.ReadAsync(ct)
            : ValueTask.FromResult<string?>(null);
}

[JsonSerializable(typeof(HaProxySettings))]
internal sealed partial class HaProxySettingsJson : JsonSerializerContext;
