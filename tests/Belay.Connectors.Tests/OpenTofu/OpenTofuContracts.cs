using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.OpenTofu;

public sealed class ApplyContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        TofuFixture.StartAsync(
            "opentofu.apply",
            """{ "directory": "new", "backups": "states", "back": { "directory": "old" } }""",
            ct
        );
}

public sealed class CopyStateContract : ChangeContract
{
    protected override int Kills => 2;

    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        TofuFixture.StartAsync("opentofu.copy-state", """{ "directory": "old", "to": "new" }""", ct, at: "old");
}

public sealed class UnchangedContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct) =>
        new TofuCheck(
            await TofuFixture.StartAsync("opentofu.apply", "{}", ct, at: "old"),
            "opentofu.unchanged",
            """{ "directory": "old" }"""
        );
}

public sealed class ToolVersionContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct) =>
        new TofuCheck(
            await TofuFixture.StartAsync("opentofu.apply", "{}", ct, at: "old"),
            "opentofu.version",
            """{ "directory": "old", "at-least": "1.5.0", "tool": "bin/tool" }"""
        );
}

/// <summary>A check beside a fixture of a change, in whose folders it looks.</summary>
internal sealed class TofuCheck : CheckFixture
{
    private readonly ChangeFixture change;
    private readonly string operation;

    public TofuCheck(ChangeFixture change, string operation, string inputs)
    {
        (this.change, this.operation, Inputs) = (change, operation, Json(inputs));
        foreach (var file in Directory.EnumerateFiles(change.PlanFolder, "*", SearchOption.AllDirectories))
            Folder.Write($"plan/{Path.GetRelativePath(change.PlanFolder, file)}", File.ReadAllText(file));
        Directory.CreateDirectory(Folder["plan/bin"]);
        File.CreateSymbolicLink(Folder["plan/bin/tool"], TofuFixture.Tool!);
    }

    public override KitProgram Program => TestProgram.Instance;

    public override CheckDefinition Definition => (CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; }

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(
            ImmutableSortedDictionary<string, string>.Empty.Add(
                "opentofu:old",
                string.Join('\n', Directory.EnumerateFiles(Folder["plan/old"]).Order().Select(File.ReadAllText))
            )
        );

    public override ValueTask BreakAsync(CancellationToken ct)
    {
        Folder.Write("plan/old/more.tf", """resource "terraform_data" "more" {}""");
        File.Delete(Folder["plan/bin/tool"]);
        Folder.Write(
            "plan/bin/tool",
            """
            #!/bin/sh
            echo '{"terraform_version":"1.4.9"}'
            """
        );
        File.SetUnixFileMode(Folder["plan/bin/tool"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return ValueTask.CompletedTask;
    }

    public override ValueTask TakeAwayAsync(CancellationToken ct)
    {
        File.Delete(Folder["plan/bin/tool"]);
        Directory.Delete(Folder["plan/old"], recursive: true);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await change.DisposeAsync();
        await base.DisposeAsync();
    }
}
