using Belay.Domain.Operations;

namespace Hostile.Corpus;

/// <summary>A folder with plans, copied so that inputs can be put beside what they use.</summary>
/// <param name="Location">The copy.</param>
/// <param name="Catalog">The operations that its plans use.</param>
internal sealed record PlanFolder(string Location, Catalog Catalog)
{
    /// <summary>Where a made plan, and one for a made environment, is put.</summary>
    public string Plan => Path.Combine(Location, "hostile.yaml");

    /// <summary>Where a made environment is put.</summary>
    public string Environment => Path.Combine(Location, "environments", "hostile.yaml");
}

/// <summary>A plan that reads well, or that is told what is wrong with it.</summary>
internal sealed record PlanSample(
    string Name,
    byte[] Bytes,
    PlanFolder Folder,
    string Environment,
    IReadOnlyDictionary<string, string> Inputs
) : Sample(Name, Bytes);
