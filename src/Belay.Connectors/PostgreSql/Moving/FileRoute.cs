using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Services read a file of <c>KEY=VALUE</c> lines. Nothing holds their transactions back: the old side ends their sessions.</summary>
internal sealed class FileRoute(DatabaseSwitch inputs, IScope scope) : Route
{
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromMinutes(1);
    private readonly LineFile file = new(
        scope.PathOf(inputs.File),
        line => line.StartsWith($"{inputs.Key}=", StringComparison.Ordinal),
        $"that begins with {inputs.Key}="
    );

    public override Keeper? Keeper => null;

    public override async Task<Standing> ReadAsync(CancellationToken ct) =>
        new((await file.ReadAsync(ct))[(inputs.Key.Length + 1)..], null, IsHeld: false);

    public override Task PrepareAsync(string value, CancellationToken ct) =>
        file.DraftAsync($"{inputs.Key}={value}", scope, ct);

    public override Task HoldAsync(CancellationToken ct) => Task.CompletedTask;

    // Services that see the file would connect to a side that is not open yet.
    public override Task PlaceAsync(CancellationToken ct) => Task.CompletedTask;

    public override async Task LeadAsync(string value, CancellationToken ct)
    {
        if ((await ReadAsync(ct)).Endpoint != value)
        {
            await file.DraftAsync($"{inputs.Key}={value}", scope, ct);
            file.Place();
        }
        if (inputs.Reload is not [var program, .. var arguments])
            return;
        var result = await scope.Commands.RunAsync(
            new Command
            {
                Program = program,
                Arguments = arguments,
                Limit = ReloadLimit,
            },
            null,
            ct
        );
        if (result.ExitCode != 0)
            throw OperationException.OutcomeUnknown(
                $"{program} ended with {result.ExitCode}: {result.Error.Trim()}; the file names {value} already, mend the command and resume"
            );
    }

    public override Task ReleaseAsync(CancellationToken ct) => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
