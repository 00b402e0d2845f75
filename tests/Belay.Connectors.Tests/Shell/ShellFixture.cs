using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.Tests.Files;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Shell;

/// <summary>A command whose effects are lines in a log that it appends to.</summary>
internal sealed class ShellFixture(string inputs) : ChangeFixture
{
    public static ChangeDefinition ShellRun { get; } =
        (ChangeDefinition)TestProgram.Instance.Catalog.Find("shell.run")!;

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => ShellRun;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override ImmutableArray<string> Secrets => ["hunter2"];

    /// <summary>All that the command may alter is one resource: the connector cannot know what a command does.</summary>
    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(
            ImmutableSortedDictionary<string, string>.Empty.Add(
                Definition.TouchesOf(Inputs)[0].Resource,
                string.Join(';', FileSnapshot.Of(PlanFolder))
            )
        );

    public override async ValueTask<int?> CountEffectsAsync(CancellationToken ct) =>
        File.Exists(Effects) ? (await File.ReadAllLinesAsync(Effects, ct)).Length : 0;

    private string Effects => Path.Combine(PlanFolder, "effects");
}
