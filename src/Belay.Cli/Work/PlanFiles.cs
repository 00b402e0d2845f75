using System.Collections.Immutable;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>Reads plans and environments for the verbs.</summary>
internal static class PlanFiles
{
    /// <summary>A plan and its environment.</summary>
    /// <exception cref="Refusal">All that is wrong with the files.</exception>
    public static LoadResult.Loaded Load(
        this Workplace place,
        string path,
        string environment,
        IReadOnlyDictionary<string, string> inputs
    ) =>
        PlanLoader.Load(path, environment, inputs, place.Catalog) switch
        {
            LoadResult.Loaded loaded => loaded,
            LoadResult.Refused refused => throw new Refusal(refused.Diagnostics),
            _ => throw new InvalidOperationException("a result of no known kind"),
        };

    /// <summary>The plan of a run as its file reads now.</summary>
    public static LoadResult Reload(this Workplace place, RunBeginning run) =>
        PlanLoader.Load(
            run.PlanFile,
            run.Environment,
            run.Inputs ?? ImmutableSortedDictionary<string, string>.Empty,
            place.Catalog
        );

    /// <summary>The environment of a run, whatever became of its plan file.</summary>
    public static EnvironmentFile EnvironmentOf(this Workplace place, RunReading reading) =>
        place.EnvironmentOf(RunBeginning.Of(reading.Start!));

    /// <inheritdoc cref="EnvironmentOf(Workplace, RunReading)"/>
    public static EnvironmentFile EnvironmentOf(this Workplace place, RunBeginning run) =>
        PlanLoader.LoadEnvironment(run.PlanFile, run.Environment, place.Catalog) switch
        {
            EnvironmentResult.Loaded loaded => loaded.Environment,
            EnvironmentResult.Refused refused => throw new Refusal(refused.Diagnostics),
            _ => throw new InvalidOperationException("a result of no known kind"),
        };

    /// <summary>Where the items of a run's plan stand as its file reads now; empty when it cannot be read.</summary>
    public static ImmutableDictionary<string, SourcePosition> PlacesOf(this Workplace place, RunReading reading) =>
        place.Reload(RunBeginning.Of(reading.Start!)) is LoadResult.Loaded loaded
            ? loaded.Plan.Sources
            : ImmutableDictionary<string, SourcePosition>.Empty;
}
