using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.HaProxy;

/// <summary>Inputs of <c>haproxy.sessions</c>.</summary>
public sealed record CountSessionsInputs
{
    /// <summary>The connection to the balancers.</summary>
    [Connection("haproxy")]
    public required string Connection { get; init; }

    /// <summary>The backend.</summary>
    public required string Backend { get; init; }

    /// <summary>The server: its name in the backend, or its <c>address:port</c>.</summary>
    public required string Server { get; init; }

    /// <summary>How many sessions it may have, summed over every process, counted twice in a row. Default 0.</summary>
    public int AtMost { get; init; }
}

/// <summary>Counts the sessions of a server on every live process.</summary>
internal sealed class CountSessions(CountSessionsInputs inputs, ServerTarget target) : ICheck<ServerState>
{
    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<CountSessionsInputs, ServerState>(
            "haproxy.sessions",
            "A server has no more than so many sessions, counted on every process",
            options => new CountSessionsJson(options),
            inputs =>
                [
                    new Touch(new ServerName(inputs.Backend, inputs.Server).Resource, TouchKind.Read)
                    {
                        Proves = inputs.AtMost == 0 ? Proof.Idle : Proof.Nothing,
                    },
                ],
            (inputs, scope) =>
                new CountSessions(inputs, ServerTarget.Of(inputs.Connection, inputs.Backend, inputs.Server, scope)),
            validate: inputs => ServerName.Problems(inputs.Backend, inputs.Server)
        );

    public async ValueTask<ServerState> ObserveAsync(CancellationToken ct)
    {
        var state = await target.CountAsync(inputs.AtMost, ct);
        // A server that no process knows has no sessions, but a name written wrong looks the same.
        if (state.Processes.All(p => p.Server is null))
            target.RefuseUnknown(state);
        return state;
    }

    public Verdict Judge(ServerState observed) =>
        observed.Sessions <= inputs.AtMost
            ? Verdict.Ok
            : new Verdict.NotYet($"{target.Name} has {observed.Sessions} sessions, at most {inputs.AtMost} expected");
}

[JsonSerializable(typeof(CountSessionsInputs))]
[JsonSerializable(typeof(ServerState))]
internal sealed partial class CountSessionsJson : JsonSerializerContext;
