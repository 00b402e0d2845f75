using System.Collections.Immutable;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>All files in which services read where the server is, in the order of the plan.</summary>
/// <remarks>
/// A file is switched by one rename. A service that must be told gets its command afterwards; a mark in the run's folder,
/// made before the rename and removed after the command, says that it is still to be told, so that a crash in between is seen.
/// </remarks>
internal sealed class Endpoints(CutOverInputs inputs, IScope scope, string newAddress)
{
    private const int LongestError = 200;
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(30);
    private readonly ImmutableArray<EndpointSwitch> switches = inputs.AllSwitches;

    /// <summary>The values that name the new server.</summary>
    public ImmutableArray<string> New { get; } = [.. inputs.AllSwitches.Select(one => one.Value ?? newAddress)];

    /// <summary>The values that the files hold now.</summary>
    /// <exception cref="OperationException">Refused: a file cannot be read, or does not have the key exactly once.</exception>
    public async Task<ImmutableArray<string>> ReadAsync(CancellationToken ct)
    {
        var values = ImmutableArray.CreateBuilder<string>(switches.Length);
        foreach (var one in switches)
            values.Add(await FileOf(one).ReadAsync(ct));
        return values.MoveToImmutable();
    }

    /// <summary>The files whose services were not told yet that they changed.</summary>
    public ImmutableArray<string> NotReloaded =>
        [.. switches.Where((_, i) => File.Exists(MarkOf(i))).Select(one => one.File)];

    /// <summary>Writes the changed files beside the old ones, so that the switch itself is only a rename each.</summary>
    public async Task PrepareAsync(ImmutableArray<string> values, CancellationToken ct)
    {
        for (var i = 0; i < switches.Length; i++)
            await FileOf(switches[i]).PrepareAsync(values[i], ct);
    }

    /// <summary>Points the services to a server: all files, then nothing more.</summary>
    public async Task SwitchAsync(ImmutableArray<string> values, CancellationToken ct)
    {
        for (var i = 0; i < switches.Length; i++)
        {
            var file = FileOf(switches[i]);
            if (!switches[i].Reload.IsEmpty && await file.ReadAsync(ct) != values[i])
                await File.WriteAllTextAsync(MarkOf(i), "", ct);
            await file.WriteAsync(values[i], ct);
        }
    }

    /// <summary>Removes what was prepared for a switch that does not come.</summary>
    public void Discard()
    {
        foreach (var one in switches)
            FileOf(one).Discard();
    }

    /// <summary>Tells the services that were not told yet.</summary>
    /// <returns>What could not be told; empty when all were.</returns>
    public async Task<ImmutableArray<string>> ReloadAsync(CancellationToken ct)
    {
        var failures = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < switches.Length; i++)
        {
            if (!File.Exists(MarkOf(i)))
                continue;
            var command = CommandOf(switches[i]);
            var result = await scope.Commands.RunAsync(command, null, ct);
            if (result.ExitCode == 0)
                File.Delete(MarkOf(i));
            else
                failures.Add($"'{command}' for {switches[i].File} ended with {result.ExitCode}: {End(result.Error)}");
        }
        return failures.ToImmutable();
    }

    /// <summary>The command that tells a service. Pure.</summary>
    public static Command CommandOf(EndpointSwitch one) =>
        new()
        {
            Program = one.Reload[0],
            Arguments = one.Reload.RemoveAt(0),
            Limit = ReloadLimit,
        };

    private static string End(string error) =>
        error.TrimEnd() is var text && text.Length > LongestError ? text[^LongestError..] : text;

    private EndpointFile FileOf(EndpointSwitch one) => new(scope.PathOf(one.File), one.Key);

    private string MarkOf(int number) => Path.Combine(scope.WorkingFolder, $"{scope.Token}.reload.{number}");
}
