using System.Collections.Immutable;
using Belay.Domain.Lint;
using Belay.Planning;
using Belay.Rehearsal;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>Plans: read, judged, drawn, normalised and hashed; some of the good ones rehearsed.</summary>
internal sealed class PlanTarget : ITarget
{
    private static readonly TimeSpan RehearsalLimit = TimeSpan.FromSeconds(1);

    private LoadResult.Loaded? last;
    private PlanFolder? lastFolder;

    public PlanTarget(string folder) => Samples = PlanCorpus.Plans(PlanCorpus.Folders(Path.Combine(folder, "plans")));

    public string Name => "plan";

    public ImmutableArray<Sample> Samples { get; }

    public string? Refusal { get; private set; }

    public byte[] Mutate(Mutation mutation, Sample sample, Sample other) => mutation.Text(sample.Bytes, other.Bytes);

    public void Prepare(Sample sample, byte[] input) => File.WriteAllBytes(((PlanSample)sample).Folder.Plan, input);

    public bool Try(Sample sample, byte[] input)
    {
        var plan = (PlanSample)sample;
        lastFolder = plan.Folder;
        var read = PlanLoader.Load(plan.Folder.Plan, plan.Environment, plan.Inputs, plan.Folder.Catalog, _ => null);
        last = read as LoadResult.Loaded;
        Refusal = (read as LoadResult.Refused)?.Diagnostics[0].ToString();
        if (read is LoadResult.Refused refused)
            Diagnostics.Judge(refused.Diagnostics);
        else
            LoadedPlan.Use(last!, plan.Folder.Catalog);
        return last is not null;
    }

    public void TryAtLength()
    {
        using var limit = new CancellationTokenSource(RehearsalLimit, TimeProvider.System);
        try
        {
            PlanRehearsal.Play(last!.Plan, lastFolder!.Catalog, seed: 1, pairs: false, limit.Token);
        }
        catch (Exception e) when (e is RehearsalException or OperationCanceledException)
        {
            // It says why the plan cannot be rehearsed; or it was told to stop, and did.
        }
    }
}
