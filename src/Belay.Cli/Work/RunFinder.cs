using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Finds the run that a person means: by its name, or the latest of an environment.</summary>
internal sealed class RunFinder(IJournalStore journals)
{
    /// <param name="run">The run's name; null: the environment's latest.</param>
    /// <param name="environment">The environment; null: the only one that has runs.</param>
    public async Task<string> NameAsync(string? run, string? environment, CancellationToken ct)
    {
        var known = await journals.ListAsync(environment, ct);
        if (run is not null)
            return known.Any(name => name.Run == run) ? run : throw Unknown(run, await journals.ListAsync(null, ct));
        if (known.Count == 0)
            throw new Refusal(
                ExitCode.BadUsage,
                environment is null
                    ? "there is no run here yet: begin one with belay run PLAN, or name the store with --state DIR"
                    : $"there is no run of environment '{environment}' here"
            );
        var environments = known.Select(name => name.Environment).Distinct(StringComparer.Ordinal).ToArray();
        return environments.Length == 1
            ? known[0].Run
            : throw new Refusal(
                ExitCode.BadUsage,
                $"there are runs of {string.Join(" and ", environments)} here: name the run, or the environment with --env"
            );
    }

    /// <summary>What the journal of a run says now.</summary>
    public async Task<RunReading> ReadAsync(string run, CancellationToken ct)
    {
        var reading = new RunReading();
        await foreach (var entry in journals.ReadAsync(run, ct))
            reading.Apply(entry);
        return reading.Start is null
            ? throw new Refusal(
                ExitCode.Halted,
                $"the journal of run '{run}' is empty: it ended before its first event"
            )
            : reading;
    }

    /// <inheritdoc cref="NameAsync"/>
    public async Task<RunReading> FindAsync(string? run, string? environment, CancellationToken ct) =>
        await ReadAsync(await NameAsync(run, environment, ct), ct);

    private static Refusal Unknown(string run, IReadOnlyList<RunName> known)
    {
        var near = new NearestName().Of(run, known.Select(name => name.Run));
        var hint =
            near is not null ? $"did you mean {near}?"
            : known.Count > 0 ? $"the latest are {string.Join(", ", known.Take(3).Select(name => name.Run))}"
            : "there is no run here yet";
        return new Refusal(ExitCode.BadUsage, $"there is no run '{run}': {hint}");
    }
}
