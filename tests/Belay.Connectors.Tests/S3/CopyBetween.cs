using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.S3;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.S3;

/// <summary>A copy between buckets whose owner is the test.</summary>
internal sealed class CopyBetween(S3Settings from, S3Settings to, string inputs) : ChangeFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)TestProgram.Instance.Catalog.Find("s3.copy")!;

    /// <summary>The comparison that belongs to it.</summary>
    public CheckDefinition Same { get; } = (CheckDefinition)TestProgram.Instance.Catalog.Find("s3.same")!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections { get; } =
        new Dictionary<string, object>(StringComparer.Ordinal) { ["old"] = from, ["new"] = to };

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        await Buckets.SnapshotAsync("new", to, ct);
}
