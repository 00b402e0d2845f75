using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.HaProxy;

/// <summary>Inputs of <c>haproxy.detach</c>.</summary>
public sealed record DetachServerInputs
{
    /// <summary>The connection to the balancers.</summary>
    [Connection("haproxy")]
    public required string Connection { get; init; }

    /// <summary>The backend.</summary>
    public required string Backend { get; init; }

    /// <summary>The server: its name in the backend, or its <c>address:port</c>. It must be drained.</summary>
    public required string Server { get; init; }

    /// <summary>
    /// Whether the server is also removed from the running processes. Default false: it stays, in maintenance, without
    /// traffic and without checks. A server that the configuration file names comes back with the next reload.
    /// </summary>
    public bool Delete { get; init; }

    /// <summary>With <c>delete</c>: how undo adds it again, in the words of a server line: <c>check inter 250ms fall 2</c>. HAProxy does not tell what it had.</summary>
    public string? Settings { get; init; }

    /// <summary>How long last sessions and idle connections may take to end. Default 1 minute.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Puts a drained server into maintenance, or removes it.</summary>
internal sealed class DetachServer(DetachServerInputs inputs, ServerTarget target) : IChange<ServerState>
{
    private readonly ServerAddition addition = new(target, inputs.Settings ?? "");

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<DetachServerInputs, ServerState>(
            "haproxy.detach",
            "Put a drained server into maintenance, or remove it",
            options => new DetachServerJson(options),
            Reversal.Exact,
            inputs => [new Touch(new ServerName(inputs.Backend, inputs.Server).Resource, TouchKind.Modify)],
            (inputs, scope) =>
                new DetachServer(inputs, ServerTarget.Of(inputs.Connection, inputs.Backend, inputs.Server, scope)),
            validate: Problems
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<ServerState> ObserveAsync(CancellationToken ct) => await target.CountAsync(0, ct);

    public Difference Plan(ServerState observed)
    {
        var there = observed with { Processes = [.. observed.Processes.Where(p => p.Server is not null)] };
        return inputs.Delete
            ? Difference.Of(
                Reversal.Exact,
                there.Processes.Select(p => new DifferenceLine(
                    $"server {target.Name} on {p.Process}",
                    ServerTarget.Word(p.Server!.Admin),
                    null
                ))
            )
            : ServerDifference.With(target.Name, there, ServerDifference.Admin(target.Name, there, Admin.Maint));
    }

    public bool Same(ServerState a, ServerState b) => ServerDifference.Same(a, b);

    public async IAsyncEnumerable<Progress> ApplyAsync(
        ServerState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await target.ReadAsync(ct);
        if (now.Processes.Any(p => p.Server?.Admin is Admin.Ready))
            throw OperationException.Refused($"{target.Name} is in rotation: drain it first, with haproxy.drain");
        var leaving = new Leaving(target, inputs.AtMost, AtDeadline.Fail);
        await foreach (var progress in leaving.WaitAsync(enough: 0, keep: 0, ct))
            yield return progress;
        yield return Progress.Say($"putting {target.Name} into maintenance");
        await target.SetAdminAsync(Admin.Maint, ct);
        if (inputs.Delete)
        {
            yield return Progress.Say($"removing {target.Name}");
            foreach (var process in await target.ServingAsync(ct))
                await addition.TakeBackAsync(process, inputs.AtMost, ct);
        }
        await target.SaveAsync(ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ServerState before,
        ServerState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"bringing {target.Name} back");
        foreach (var process in await target.ServingAsync(ct))
        {
            var image = before.Processes.FirstOrDefault(p => p.Process == process.Name)?.Server;
            if (image is not null && await target.FindAsync(process, ct) is null)
                await addition.AddAsync(process, image.Name, image.Address, ct);
        }
        await target.RestoreAsync(before, ct);
    }

    private static IEnumerable<InputProblem> Problems(DetachServerInputs inputs)
    {
        foreach (var problem in ServerName.Problems(inputs.Backend, inputs.Server))
            yield return problem;
        foreach (var problem in ServerAddition.Problems(inputs.Settings))
            yield return problem;
        if (inputs.Delete && inputs.Settings is null)
            yield return new InputProblem(
                "settings",
                "is missing: HAProxy does not tell the settings of a server, and undo needs them to add it again ('' for none)"
            );
    }
}

[JsonSerializable(typeof(DetachServerInputs))]
[JsonSerializable(typeof(ServerState))]
internal sealed partial class DetachServerJson : JsonSerializerContext;
