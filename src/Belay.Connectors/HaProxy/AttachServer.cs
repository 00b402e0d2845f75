using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.HaProxy;

/// <summary>Inputs of <c>haproxy.attach</c>.</summary>
public sealed record AttachServerInputs
{
    /// <summary>The connection to the balancers.</summary>
    [Connection("haproxy")]
    public required string Connection { get; init; }

    /// <summary>The backend. To add servers it needs a dynamic algorithm such as roundrobin or leastconn.</summary>
    public required string Backend { get; init; }

    /// <summary>The server's name in the backend. One that is there already, in maintenance, is used as a slot.</summary>
    public required string Server { get; init; }

    /// <summary>Where it listens, <c>address:port</c>. Default: the address that the slot has.</summary>
    public string? Address { get; init; }

    /// <summary>For a server that is added: its settings in the words of a server line, such as <c>inter 250ms fall 2 rise 1</c>. HAProxy does not use <c>default-server</c> here. Default: none but <c>check</c>.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Whether its health checks must pass before it gets traffic. Default true; false for a backend without checks.</summary>
    public bool Check { get; init; } = true;

    /// <summary>How long its health checks may take to pass. Default 1 minute.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>In an undo: how long its sessions may take to end. Default 10 minutes.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>In an undo: what happens to sessions that are left then. Default: the undo fails.</summary>
    public AtDeadline AtDeadline { get; init; } = AtDeadline.Fail;
}

/// <summary>Adds a server to a backend, and gives it traffic once its health checks have passed.</summary>
internal sealed class AttachServer(AttachServerInputs inputs, ServerTarget target) : IChange<ServerState>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly ServerAddition addition = new(
        target,
        inputs.Check ? ("check " + inputs.Settings).Trim() : inputs.Settings
    );

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<AttachServerInputs, ServerState>(
            "haproxy.attach",
            "Add a server to a backend, and give it traffic once its health checks have passed",
            options => new AttachServerJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(new ServerName(inputs.Backend, inputs.Server).Resource, TouchKind.RouteTo)
                    {
                        Address = inputs.Address,
                    },
                ],
            (inputs, scope) =>
                new AttachServer(inputs, ServerTarget.Of(inputs.Connection, inputs.Backend, inputs.Server, scope)),
            validate: Problems
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<ServerState> ObserveAsync(CancellationToken ct) => await target.ReadAsync(ct);

    public Difference Plan(ServerState observed) =>
        ServerDifference.With(target.Name, observed, observed.Processes.SelectMany(Lines));

    public bool Same(ServerState a, ServerState b) => ServerDifference.Same(a, b);

    public async IAsyncEnumerable<Progress> ApplyAsync(
        ServerState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await target.ReadAsync(ct);
        var waiting = now.Processes.Where(p => Lines(p).Any()).Select(p => p.Process).ToImmutableHashSet();
        var processes = (await target.ServingAsync(ct)).Where(p => waiting.Contains(p.Name)).ToImmutableArray();
        yield return Progress.Say($"adding {target.Name}");
        foreach (var process in processes)
            await PrepareAsync(process, ct);
        yield return Progress.Say($"waiting for the health checks of {target.Name}");
        foreach (var process in processes)
            await WaitUntilUpAsync(process, ct);
        yield return Progress.Say($"giving traffic to {target.Name}");
        await target.SetAdminAsync(Admin.Ready, ct);
        await target.SaveAsync(ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ServerState before,
        ServerState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await target.ReadAsync(ct);
        if (ServerDifference.Same(before, now))
            yield break;
        var keep = Math.Min(1, before.OthersServing);
        if (now.Processes.Any(p => p.Server is { Admin: Admin.Ready, Running: true }))
            target.RefuseBelow(keep, now);
        yield return Progress.Say($"draining {target.Name}");
        await target.SetAdminAsync(Admin.Drain, ct);
        var leaving = new Leaving(target, inputs.AtMost, inputs.AtDeadline);
        await foreach (var progress in leaving.WaitAsync(enough: 0, keep, ct))
            yield return progress;
        yield return Progress.Say($"taking {target.Name} out");
        await target.SetAdminAsync(Admin.Maint, ct);
        foreach (var process in await target.ServingAsync(ct))
        {
            if (before.Processes.FirstOrDefault(p => p.Process == process.Name)?.Server is null)
                await addition.TakeBackAsync(process, inputs.AtMost, ct);
        }
        await target.RestoreAsync(before, ct);
    }

    private IEnumerable<DifferenceLine> Lines(ServerOnProcess process)
    {
        var what = $"server {target.Name} on {process.Process}";
        var server = process.Server;
        if (inputs.Address is { } address && server?.Address != address)
            yield return new DifferenceLine($"address of {what}", server?.Address, address);
        if (server?.Admin is not Admin.Ready)
            yield return new DifferenceLine(
                what,
                server is null ? null : ServerTarget.Word(server.Admin),
                ServerTarget.Word(Admin.Ready)
            );
        // Whatever its health was before: the checks pass anew before it gets traffic.
        if (server is not { Admin: Admin.Ready, Running: true })
            yield return new DifferenceLine($"health of {what}", server is null ? null : "not proven", "up");
    }

    /// <summary>The server is there, without traffic, and its checks must pass anew.</summary>
    private async Task PrepareAsync(HaProxyProcess process, CancellationToken ct)
    {
        var servers = await process.ServersAsync(target.Name.Backend, ct);
        RefuseSecondName(process, servers);
        if (servers.FirstOrDefault(target.Name.Matches) is not { } row)
        {
            var address =
                inputs.Address
                ?? throw OperationException.Refused(
                    $"HAProxy at {process.Name} has no server {target.Name}: give its 'address', so that it can be added"
                );
            await addition.AddAsync(process, inputs.Server, address, ct);
            row = (await target.FindAsync(process, ct))!;
        }
        else
        {
            await UseSlotAsync(process, row, ct);
        }
        // A server that leaves maintenance counts as up until a check says otherwise. So it waits drained, set down, and
        // only checks that passed since then bring it up.
        await process.SetAsync(ServerTarget.AdminCommand(row, Admin.Drain), ct);
        if (inputs.Check)
            await process.SetAsync($"set server {row.Backend}/{row.Name} health down", ct);
    }

    private async Task UseSlotAsync(HaProxyProcess process, ServerRow row, CancellationToken ct)
    {
        if (inputs.Check && !row.Checks.Configured)
            throw OperationException.Refused(
                $"{target.Name} has no health check on HAProxy at {process.Name}: add 'check' to its line, or say 'check: false'"
            );
        if (inputs.Check)
            await process.SetAsync($"enable health {row.Backend}/{row.Name}", ct);
        if (inputs.Address is not { } address || row.Address == address)
            return;
        if (row.Admin is not Admin.Maint)
            throw OperationException.Refused(
                $"{target.Name} is in use at {row.Address} on HAProxy at {process.Name}: only a server in maintenance is given another address"
            );
        await ServerTarget.SetAddressAsync(process, row, address, ct);
    }

    // Two names for one server would give it twice its share, and draining one of them would drain nothing.
    private void RefuseSecondName(HaProxyProcess process, ImmutableArray<ServerRow> servers)
    {
        if (servers.FirstOrDefault(s => s.Address == inputs.Address && !target.Name.Matches(s)) is { } other)
            throw OperationException.Refused(
                $"{inputs.Address} is in {target.Name.Backend} already, as {other.Name}, on HAProxy at {process.Name}: use that name, or detach it first"
            );
    }

    private async Task WaitUntilUpAsync(HaProxyProcess process, CancellationToken ct)
    {
        var started = target.Clock.GetTimestamp();
        while (await target.FindAsync(process, ct) is not { Running: true })
        {
            if (target.Clock.GetElapsedTime(started) > inputs.Within)
                throw OperationException.Refused(
                    $"the health checks of {target.Name} have not passed on HAProxy at {process.Name} within {Duration.Format(inputs.Within)}; it gets no traffic: see its log, and 'show stat' for the last check"
                );
            await Task.Delay(Interval, target.Clock, ct);
        }
    }

    private static IEnumerable<InputProblem> Problems(AttachServerInputs inputs) =>
        [
            .. ServerName.Problems(inputs.Backend, inputs.Server),
            .. ServerAddition.Problems(inputs.Settings),
            .. inputs.Address is { } address ? ServerName.AddressProblems(address) : Array.Empty<InputProblem>(),
        ];
}

[JsonSerializable(typeof(AttachServerInputs))]
[JsonSerializable(typeof(ServerState))]
internal sealed partial class AttachServerJson : JsonSerializerContext;
