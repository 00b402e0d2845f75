using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Commands of the operator's lead services. Nothing holds their transactions back: the old side ends their sessions.</summary>
internal sealed class CommandRoute(CommandSwitch inputs, IScope scope) : Route
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public override Keeper? Keeper => null;

    public override async Task<Standing> ReadAsync(CancellationToken ct)
    {
        var result = await RunAsync(inputs.Read, ct);
        if (result.ExitCode != 0)
            throw OperationException.Transient(
                $"{inputs.Read[0]}, which says where services are led, ended with {result.ExitCode}: {result.Error.Trim()}"
            );
        return result.Output.Trim() is { Length: > 0 } value && !value.Contains('\n', StringComparison.Ordinal)
            ? new Standing(value, null, IsHeld: false)
            : throw OperationException.Refused($"{inputs.Read[0]} must print where services are led, in one line");
    }

    // What does not answer now would not answer in the freeze.
    public override Task PrepareAsync(string value, CancellationToken ct) => ReadAsync(ct);

    public override Task HoldAsync(CancellationToken ct) => Task.CompletedTask;

    // Services that are led would connect to a side that is not open yet.
    public override Task PlaceAsync(CancellationToken ct) => Task.CompletedTask;

    public override async Task LeadAsync(string value, CancellationToken ct)
    {
        if ((await ReadAsync(ct)).Endpoint == value)
            return;
        var result = await RunAsync(inputs.Lead.Add(value), ct);
        if (result.ExitCode != 0)
            throw OperationException.OutcomeUnknown(
                $"{inputs.Lead[0]}, which leads services to {value}, ended with {result.ExitCode}: {result.Error.Trim()}; the writes are with that database already, mend the command and resume"
            );
        if ((await ReadAsync(ct)).Endpoint is var led && led != value)
            throw OperationException.OutcomeUnknown(
                $"{inputs.Lead[0]} was to lead services to {value}, and {inputs.Read[0]} says {led}; mend the commands and resume"
            );
    }

    public override Task ReleaseAsync(CancellationToken ct) => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<CommandResult> RunAsync(ImmutableArray<string> words, CancellationToken ct) =>
        await scope.Commands.RunAsync(
            new Command
            {
                Program = words[0],
                Arguments = words[1..],
                Limit = Limit,
            },
            null,
            ct
        );
}
