namespace Belay.Releases.Reading;

/// <summary>Collects what the readers of files find.</summary>
internal sealed class Gathering
{
    public List<ImageFact> Images { get; } = [];

    public List<SettingsFile> Settings { get; } = [];

    public List<VariableFact> Variables { get; } = [];

    public List<ResourceFact> Resources { get; } = [];

    public List<EnvironmentFact> Environment { get; } = [];

    public List<MigrationFact> Migrations { get; } = [];

    /// <summary>Migrations that lead back, by their names without ending.</summary>
    public HashSet<string> WaysBack { get; } = new(StringComparer.Ordinal);

    /// <summary>What resources were called before: new name, old name.</summary>
    public Dictionary<string, string> Moved { get; } = new(StringComparer.Ordinal);

    public List<ToolFact> Tools { get; } = [];

    public List<ChartFact> Charts { get; } = [];

    public List<ChangelogEntry> Changelog { get; } = [];

    public List<ReleaseProblem> Notices { get; } = [];

    public List<ReleaseProblem> Problems { get; } = [];

    public void Leave(string file, string why) => Notices.Add(new ReleaseProblem(file, 1, 1, $"left out: {why}"));

    public ReleaseFacts Facts(string folder) =>
        new()
        {
            Folder = folder,
            Images = [.. Images.Distinct()],
            Settings = [.. Settings],
            Variables = [.. Variables],
            Resources = [.. Resources.Select(r => r with { MovedFrom = Moved.GetValueOrDefault(r.Id) })],
            Environment = [.. Environment],
            Migrations =
            [
                .. Migrations
                    .Select(m => m with { HasWayBack = WaysBack.Contains(Path.ChangeExtension(m.Place, null)) })
                    .OrderBy(m => m.Number),
            ],
            Tools = [.. Tools.Distinct()],
            Charts = [.. Charts],
            Changelog = [.. Changelog],
            Notices = [.. Notices],
        };
}
