using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql.Moving;

/// <summary>A change on a shop that is moved.</summary>
internal class MoveFixture(MoveShop shop, string operation, string inputs) : ChangeFixture
{
    public MoveShop Shop => shop;

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)Program.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; } = Json(inputs);

    public override IReadOnlyDictionary<string, object> Connections => shop.Connections;

    public override ImmutableArray<string> Secrets => [MovePair.Password];

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        await shop.SnapshotAsync(ct);

    public override async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Makes another change or check on the same shop, in the same run.</summary>
    public BoundChange Change(string name, string with) =>
        ((ChangeDefinition)Program.Catalog.Find(name)!).Create(Json(with), NewScope());

    /// <summary>Makes a check on the same shop.</summary>
    public BoundCheck Check(string name, string with) =>
        ((CheckDefinition)Program.Catalog.Find(name)!).Create(Json(with), NewScope());
}
