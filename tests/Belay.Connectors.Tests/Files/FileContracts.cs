using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

public abstract class FileContract : ChangeContract
{
    /// <summary>The operation, its inputs, and the files that are there before.</summary>
    protected abstract (string Operation, string Inputs, (string Path, string Content)[] Files) Given { get; }

    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(new Fixture(Given.Operation, Given.Inputs, Given.Files));

    private sealed class Fixture : FilesFixture
    {
        public Fixture(string operation, string inputs, (string Path, string Content)[] files)
        {
            Definition = (ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!;
            Inputs = Json(inputs);
            foreach (var (path, content) in files.Append(("other.conf", "stays\n")))
                Write(path, content);
        }

        public override ChangeDefinition Definition { get; }

        public override JsonElement Inputs { get; }

        public override ImmutableArray<string> Secrets => ["hunter2"];

        public override async ValueTask WriteAfterBackupAsync(CancellationToken ct)
        {
            await File.WriteAllTextAsync(Path.Combine(PlanFolder, "conf/a.conf"), "changed\n", ct);
            await File.WriteAllTextAsync(Path.Combine(PlanFolder, "conf/new.conf"), "created since\n", ct);
            File.Delete(Path.Combine(PlanFolder, "conf/sub/b.conf"));
        }
    }
}

public sealed class WriteFileContract : FileContract
{
    protected override int Kills => 8;

    protected override (string, string, (string, string)[]) Given =>
        (
            "files.write",
            """{ "path": "shop.conf", "content": { "$secret": "password = hunter2\n" }, "mode": "0600" }""",
            [("shop.conf", "password = old\n")]
        );
}

public sealed class WriteNewFileContract : FileContract
{
    protected override (string, string, (string, string)[]) Given =>
        ("files.write", """{ "path": "new.conf", "content": "a = 1\n" }""", []);
}

public sealed class SetValueContract : FileContract
{
    protected override int Kills => 8;

    protected override (string, string, (string, string)[]) Given =>
        (
            "files.set",
            """{ "path": "values.yaml", "key": "image.tag", "value": "4.2.0" }""",
            [("values.yaml", "# release\nimage:\n  tag: 4.1.0 # the tag\npassword: hunter2\n")]
        );
}

public sealed class AppendBlockContract : FileContract
{
    protected override (string, string, (string, string)[]) Given =>
        (
            "files.append-block",
            """{ "path": "app.env", "name": "release 4.2.0", "text": { "$secret": "KEY=hunter2\nB=2\n" } }""",
            [("app.env", "A=1")]
        );
}

public sealed class RenameFileContract : FileContract
{
    protected override (string, string, (string, string)[]) Given =>
        (
            "files.rename",
            """{ "from": "shop.conf.disabled", "to": "shop.conf" }""",
            [("shop.conf.disabled", "password = hunter2\n")]
        );
}

public sealed class CopyFilesContract : FileContract
{
    protected override int Kills => 8;

    protected override (string, string, (string, string)[]) Given =>
        (
            "files.copy",
            """{ "from": "release", "to": "live/app" }""",
            [
                ("release/a.conf", "new a"),
                ("release/sub/deep/b.conf", "new b hunter2"),
                ("release/sub/c.conf", "same"),
                ("live/app/a.conf", "old a hunter2"),
                ("live/app/sub/c.conf", "same"),
                ("live/app/sub/extra.conf", "stays"),
            ]
        );
}

public sealed class BackupFilesContract : FileContract
{
    protected override int Kills => 8;

    protected override (string, string, (string, string)[]) Given =>
        (
            "files.backup",
            """{ "paths": ["conf", "single.conf"], "to": "backups/conf.tar" }""",
            [("conf/a.conf", "a hunter2"), ("conf/sub/b.conf", "b"), ("single.conf", "c")]
        );
}
