using System.Collections.Immutable;
using System.Text;
using Belay.Domain.Contract;
using Belay.Planning;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>Environment files: read with a plan and alone, asked for their secrets, and judging that plan.</summary>
internal sealed class EnvironmentTarget : ITarget
{
    private readonly ImmutableDictionary<PlanFolder, string> plans;

    public EnvironmentTarget(string folder)
    {
        var folders = PlanCorpus.Folders(Path.Combine(folder, "environments"));
        Samples = PlanCorpus.Environments(folders);
        // The first plan of a folder stands for all that are read for its environments.
        plans = folders.ToImmutableDictionary(
            one => one,
            one => Directory.EnumerateFiles(one.Location, "*.yaml").Order(StringComparer.Ordinal).First()
        );
    }

    public string Name => "environment";

    public ImmutableArray<Sample> Samples { get; }

    public string? Refusal { get; private set; }

    public byte[] Mutate(Mutation mutation, Sample sample, Sample other) => mutation.Text(sample.Bytes, other.Bytes);

    public void Prepare(Sample sample, byte[] input) =>
        File.WriteAllBytes(((PlanSample)sample).Folder.Environment, input);

    public bool Try(Sample sample, byte[] input)
    {
        var folder = ((PlanSample)sample).Folder;
        var alone = PlanLoader.LoadEnvironmentFile(folder.Environment, folder.Catalog);
        Refusal = (alone as EnvironmentResult.Refused)?.Diagnostics[0].ToString();
        if (alone is EnvironmentResult.Refused no)
            Diagnostics.Judge(no.Diagnostics);
        if (alone is EnvironmentResult.Loaded { Environment: var environment })
            Ask(environment, Encoding.UTF8.GetString(input));
        var plan = PlanLoader.Load(plans[folder], "hostile", Nothing, folder.Catalog, _ => null);
        if (plan is LoadResult.Refused refused)
            Diagnostics.Judge(refused.Diagnostics);
        if (plan is LoadResult.Loaded loaded)
            LoadedPlan.Use(loaded, folder.Catalog);
        return alone is EnvironmentResult.Loaded;
    }

    public void TryAtLength() { }

    private static readonly ImmutableDictionary<string, string> Nothing = ImmutableDictionary<string, string>.Empty;

    private static void Ask(EnvironmentFile environment, string text)
    {
        _ = environment.Identified.Count;
        foreach (
            var name in text.Split([' ', '\n', ':', '{', '}', '"'], StringSplitOptions.RemoveEmptyEntries)
                .Distinct()
                .Take(40)
        )
        {
            try
            {
                _ = environment.Secret(name);
            }
            catch (OperationException)
            {
                // There is no such secret, or it has no value: that is said.
            }
        }
    }
}
