using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Evidence;

public sealed class AttestedRunContract : CheckContract
{
    protected override Task<CheckFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<CheckFixture>(new Fixture());

    private sealed class Fixture : CheckFixture
    {
        private readonly OtherRun other = new();

        public Fixture()
        {
            Folder.Write("plan/owner.pub", other.Key.Public.Pem);
            Folder.Write("plan/staging.json", other.Attestation());
        }

        public override KitProgram Program => TestProgram.Instance;

        public override CheckDefinition Definition =>
            (CheckDefinition)TestProgram.Instance.Catalog.Find("evidence.attested")!;

        public override JsonElement Inputs =>
            Json(
                """{ "file": "staging.json", "key": "owner.pub", "upgrade": "shop", "environment": "staging", "to": "4.2.0", "at-most": "30d" }"""
            );

        public override ImmutableArray<string> Secrets => [other.Key.ToPem(null).Split('\n')[1]];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ValueTask.FromResult(
                Directory
                    .EnumerateFiles(PlanFolder)
                    .ToImmutableSortedDictionary(file => $"file:{file}", File.ReadAllText)
            );

        public override ValueTask BreakAsync(CancellationToken ct)
        {
            Folder.Write("plan/staging.json", other.Attestation(to: "4.1.0"));
            return ValueTask.CompletedTask;
        }

        public override ValueTask TakeAwayAsync(CancellationToken ct)
        {
            File.Delete(Path.Combine(PlanFolder, "staging.json"));
            return ValueTask.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            other.Dispose();
            return base.DisposeAsync();
        }
    }
}
