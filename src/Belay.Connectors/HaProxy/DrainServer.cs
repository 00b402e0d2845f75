using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.HaProxy;

/// <summary>Inputs of <c>haproxy.drain</c>.</summary>
public sealed record DrainServerInputs
{
    /// <summary>The connection to the balancers.</summary>
    [Connection("haproxy")]
    public required string Connection { get; init; }

    /// <summary>The backend.</summary>
    public required string Backend { get; init; }

    /// <summary>The server: its name in the backend, or its <c>address:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>When it counts as drained. Default: no session is left.</summary>
    public DrainUntil Until { get; init; } = new();

    /// <summary>How long the sessions may take to end. Default 10 minutes.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What happens to sessions that are left then. Default: the step fails. In TCP mode long sessions never end by themselves.</summary>
    public AtDeadline AtDeadline { get; init; } = AtDeadline.Fail;

    /// <summary>How many other servers of the backend must serve all the while, on each process. Default 1.</summary>
    public int Keep { get; init; } = 1;
}

/// <summary>When a server counts as drained.</summary>
public sealed record DrainUntil
{
    /// <summary>At most so many sessions, counted twice in a row, summed over every process. Default 0.</summary>
    public int Sessions { get; init; }
}

/// <summary>Takes a server out of rotation and waits until its sessions have ended.</summary>
internal sealed class DrainServer(DrainServerInputs inputs, ServerTarget target) : IChange<ServerState>
{
    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<DrainServerInputs, ServerState>(
            "haproxy.drain",
            "Take a server out of rotation and wait until its sessions have ended",
            options => new DrainServerJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(new ServerName(inputs.Backend, inputs.Server).Resource, TouchKind.RouteAway)
                    {
                        CapacityTaken = 1,
                        Drains = inputs is { Until.Sessions: 0, AtDeadline: AtDeadline.Fail },
                    },
                    .. inputs.AtDeadline is AtDeadline.Close
                        ?
                        [
                            new Touch(
                                new ServerName(inputs.Backend, inputs.Server).Resource + "/sessions",
                                TouchKind.Destroy
                            ),
                        ]
                        : Array.Empty<Touch>(),
                ],
            (inputs, scope) =>
                new DrainServer(inputs, ServerTarget.Of(inputs.Connection, inputs.Backend, inputs.Server, scope)),
            validate: inputs => ServerName.Problems(inputs.Backend, inputs.Server)
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<ServerState> ObserveAsync(CancellationToken ct) =>
        await target.CountAsync(inputs.Until.Sessions, ct);

    public Difference Plan(ServerState observed)
    {
        var admin = ServerDifference.Admin(target.Name, observed, Admin.Drain, Admin.Maint).ToArray();
        // While it is in rotation the count changes all the time: zero now says nothing about the moment of the drain.
        var waits = admin.Length > 0 || observed.Sessions > inputs.Until.Sessions;
        var sessions = new DifferenceLine(
            $"sessions of {target.Name}",
            $"{observed.Sessions} now",
            $"at most {inputs.Until.Sessions}"
        )
        {
            Moves = true,
        };
        return ServerDifference.With(target.Name, observed, waits ? [.. admin, sessions] : admin);
    }

    public bool Same(ServerState a, ServerState b) => ServerDifference.Same(a, b);

    public async IAsyncEnumerable<Progress> ApplyAsync(
        ServerState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await target.ReadAsync(ct);
        target.RefuseUnknown(now);
        if (now.Processes.Any(p => p.Server?.Admin is Admin.Ready))
            target.RefuseBelow(inputs.Keep, now);
        yield return Progress.Say($"draining {target.Name}");
        foreach (var process in await target.ServingAsync(ct))
        {
            if (await target.FindAsync(process, ct) is { Admin: Admin.Ready } row)
                await process.SetAsync(ServerTarget.AdminCommand(row, Admin.Drain), ct);
        }
        await target.SaveAsync(ct);
        var leaving = new Leaving(target, inputs.AtMost, inputs.AtDeadline);
        await foreach (var progress in leaving.WaitAsync(inputs.Until.Sessions, inputs.Keep, ct))
            yield return progress;
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ServerState before,
        ServerState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"bringing {target.Name} back into rotation");
        await target.RestoreAsync(before, ct);
    }
}

[JsonSerializable(typeof(DrainServerInputs))]
[JsonSerializable(typeof(ServerState))]
internal sealed partial class DrainServerJson : JsonSerializerContext;
