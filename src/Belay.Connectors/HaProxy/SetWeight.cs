using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.HaProxy;

/// <summary>Inputs of <c>haproxy.weight</c>.</summary>
public sealed record SetWeightInputs
{
    /// <summary>The connection to the balancers.</summary>
    [Connection("haproxy")]
    public required string Connection { get; init; }

    /// <summary>The backend.</summary>
    public required string Backend { get; init; }

    /// <summary>The server: its name in the backend, or its <c>address:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The weight, 0 to 256; its share of new sessions is in proportion to the sum of all. 0: none.</summary>
    public required int Weight { get; init; }

    /// <summary>With a weight of 0: how many other servers of the backend must serve, on each process. Default 1.</summary>
    public int Keep { get; init; } = 1;
}

/// <summary>Sets a server's share of new sessions.</summary>
internal sealed class SetWeight(SetWeightInputs inputs, ServerTarget target) : IChange<ServerState>
{
    private const int Greatest = 256;

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<SetWeightInputs, ServerState>(
            "haproxy.weight",
            "Set a server's share of new sessions",
            options => new SetWeightJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(
                        new ServerName(inputs.Backend, inputs.Server).Resource,
                        inputs.Weight == 0 ? TouchKind.RouteAway : TouchKind.Modify
                    )
                    {
                        CapacityTaken = inputs.Weight == 0 ? 1 : 0,
                    },
                ],
            (inputs, scope) =>
                new SetWeight(inputs, ServerTarget.Of(inputs.Connection, inputs.Backend, inputs.Server, scope)),
            validate: Problems
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<ServerState> ObserveAsync(CancellationToken ct) => await target.ReadAsync(ct);

    public Difference Plan(ServerState observed) =>
        ServerDifference.With(
            target.Name,
            observed,
            observed
                .Processes.Where(p => p.Server?.Weight != inputs.Weight)
                .Select(p => new DifferenceLine(
                    $"weight of {target.Name} on {p.Process}",
                    p.Server?.Weight.ToString(),
                    $"{inputs.Weight}"
                ))
        );

    public bool Same(ServerState a, ServerState b) => ServerDifference.Same(a, b);

    public async IAsyncEnumerable<Progress> ApplyAsync(
        ServerState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await target.ReadAsync(ct);
        target.RefuseUnknown(now);
        if (inputs.Weight == 0)
            target.RefuseBelow(inputs.Keep, now);
        yield return Progress.Say($"weight of {target.Name}: {inputs.Weight}");
        foreach (var process in await target.ServingAsync(ct))
        {
            if (await target.FindAsync(process, ct) is { } row)
                await process.SetAsync($"set server {row.Backend}/{row.Name} weight {inputs.Weight}", ct);
        }
        await target.SaveAsync(ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ServerState before,
        ServerState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"bringing the weight of {target.Name} back");
        await target.RestoreAsync(before, ct);
    }

    private static IEnumerable<InputProblem> Problems(SetWeightInputs inputs) =>
        [
            .. ServerName.Problems(inputs.Backend, inputs.Server),
            .. inputs.Weight is < 0 or > Greatest
                ? [new InputProblem("weight", $"must be 0 to {Greatest}, not {inputs.Weight}")]
                : Array.Empty<InputProblem>(),
        ];
}

[JsonSerializable(typeof(SetWeightInputs))]
[JsonSerializable(typeof(ServerState))]
internal sealed partial class SetWeightJson : JsonSerializerContext;
