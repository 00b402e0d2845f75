using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

public sealed class WriteFileContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(new Fixture());

    private sealed class Fixture : FilesFixture
    {
        public Fixture()
        {
            Write("shop.conf", "password = old\n");
            Write("other.conf", "stays\n");
        }

        public override ChangeDefinition Definition => WriteFile();

        public override JsonElement Inputs { get; } =
            Json("""{ "path": "shop.conf", "content": { "$secret": "password = hunter2\n" }, "mode": "0600" }""");

        public override ImmutableArray<string> Secrets => ["hunter2", "password = old"];
    }

    private static ChangeDefinition WriteFile() => (ChangeDefinition)TestProgram.Instance.Catalog.Find("files.write")!;
}
