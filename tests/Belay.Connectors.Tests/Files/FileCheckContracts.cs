using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

public abstract class FileCheckContract : CheckContract
{
    /// <summary>The check, its inputs, the file it reads, a content that fulfils it and one that does not.</summary>
    protected abstract (string Operation, string Inputs, string Path, string Good, string Bad) Given { get; }

    protected override Task<CheckFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<CheckFixture>(new Fixture(Given));

    private sealed class Fixture : CheckFixture
    {
        private readonly (string Operation, string Inputs, string Path, string Good, string Bad) given;

        public Fixture((string Operation, string Inputs, string Path, string Good, string Bad) given)
        {
            this.given = given;
            Folder.Write("plan/.env.example", "# needed\nKEY=\nPORT=8080\nHOST=<your host>\n");
            Folder.Write(Path.Combine("plan", given.Path), given.Good);
        }

        public override KitProgram Program => TestProgram.Instance;

        public override CheckDefinition Definition =>
            (CheckDefinition)TestProgram.Instance.Catalog.Find(given.Operation)!;

        public override JsonElement Inputs => Json(given.Inputs);

        public override ImmutableArray<string> Secrets => ["hunter2"];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ValueTask.FromResult(FileSnapshot.Of(PlanFolder));

        public override ValueTask BreakAsync(CancellationToken ct)
        {
            Folder.Write(Path.Combine("plan", given.Path), given.Bad);
            return ValueTask.CompletedTask;
        }

        public override ValueTask TakeAwayAsync(CancellationToken ct)
        {
            File.Delete(Path.Combine(PlanFolder, given.Path));
            return ValueTask.CompletedTask;
        }
    }
}

public sealed class EnvKeysContract : FileCheckContract
{
    protected override (string, string, string, string, string) Given =>
        (
            "files.env-keys",
            """{ "example": ".env.example", "environment": "app.env" }""",
            "app.env",
            "export KEY='hunter2'\nHOST=db.internal # the host\n",
            "KEY=\"\"\nPASSWORD=hunter2\n"
        );
}

public sealed class ContainsTextContract : FileCheckContract
{
    protected override (string, string, string, string, string) Given =>
        (
            "files.contains",
            """{ "path": "app.conf", "text": { "$secret": "hunter2" } }""",
            "app.conf",
            "a\npassword = hunter2\n",
            "a\n"
        );
}

public sealed class AbsentTextContract : FileCheckContract
{
    protected override (string, string, string, string, string) Given =>
        (
            "files.absent",
            """{ "paths": ["conf/**/*.conf"], "text": ["redis-old"] }""",
            "conf/sub/app.conf",
            "cache = valkey-new\n",
            "cache = redis-old:6379 # hunter2\n"
        );
}
