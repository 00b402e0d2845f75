using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

/// <summary>What the file system says no to is refused at once, changes nothing, and does not stand in the way of a rollback.</summary>
public sealed class FileRefusalTests : IDisposable
{
    private const string FullDisk = "mount -t tmpfs -o size=16k none live; echo 'a: 1' > live/app.yaml; exec \"$@\"";

    private const string ReadOnlyDisk =
        "echo 'a: 1' > live/app.yaml; mount --bind live live; mount -o remount,bind,ro live; exec \"$@\"";

    private const string NoPermission =
        "echo 'a: 1' > live/app.yaml; chmod 0555 live; exec setpriv --inh-caps=-all --bounding-set=-all \"$@\"";

    private readonly TestFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Each operation that writes into <c>live</c>, more than the full disk has space for.</summary>
    public static TheoryData<string, string> Writers =>
        new()
        {
            { "files.write", """{ "path": "live/app.yaml", "content": "BIG" }""" },
            { "files.write", """{ "path": "live/new.yaml", "content": "BIG" }""" },
            { "files.set", """{ "path": "live/app.yaml", "key": "a", "value": "BIG" }""" },
            { "files.append-block", """{ "path": "live/app.yaml", "name": "x", "text": "B=BIG" }""" },
            { "files.copy", """{ "from": "big.txt", "to": "live/app.yaml" }""" },
            { "files.backup", """{ "paths": ["big.txt"], "to": "live/b.tar" }""" },
        };

    public static TheoryData<string, string> WritersAndRename =>
        [.. Writers, ("files.rename", """{ "from": "live/app.yaml", "to": "live/new.yaml" }""")];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Writers))]
    public Task On_a_full_disk_it_is_refused_and_the_old_file_stays(string operation, string inputs) =>
        AssertRefusedAsync(FullDisk, operation, inputs, "the disk is full");

    [Theory]
    [MemberData(nameof(WritersAndRename))]
    public Task On_a_read_only_disk_it_is_refused_and_the_old_file_stays(string operation, string inputs) =>
        AssertRefusedAsync(ReadOnlyDisk, operation, inputs, "the file system is read-only");

    [Theory]
    [MemberData(nameof(WritersAndRename))]
    public Task Without_permission_it_is_refused_and_the_old_file_stays(string operation, string inputs) =>
        AssertRefusedAsync(NoPermission, operation, inputs, "has no permission");

    [Theory]
    [InlineData("files.write", """{ "path": "nowhere/a.conf", "content": "x" }""", "nowhere")]
    [InlineData("files.write", """{ "path": "nowhere/deep/a.conf", "content": "x" }""", "nowhere/deep")]
    [InlineData("files.append-block", """{ "path": "nowhere/a.conf", "name": "x", "text": "A=1" }""", "nowhere")]
    [InlineData("files.rename", """{ "from": "a.conf", "to": "nowhere/a.conf" }""", "nowhere")]
    public Task A_missing_folder_is_named_and_taking_it_back_succeeds(
        string operation,
        string inputs,
        string missing
    ) => AssertRefusedHereAsync(operation, inputs, $"there is no folder {folder[missing]}");

    [Theory]
    [InlineData("files.write", """{ "path": "a.conf/b.conf", "content": "x" }""")]
    [InlineData("files.write", """{ "path": "a.conf/deep/b.conf", "content": "x" }""")]
    [InlineData("files.append-block", """{ "path": "a.conf/b.conf", "name": "x", "text": "A=1" }""")]
    [InlineData("files.copy", """{ "from": "other.conf", "to": "a.conf/b.conf" }""")]
    [InlineData("files.rename", """{ "from": "other.conf", "to": "a.conf/b.conf" }""")]
    [InlineData("files.backup", """{ "paths": ["other.conf"], "to": "a.conf/b.tar" }""")]
    public Task A_file_in_place_of_a_folder_is_named_and_taking_it_back_succeeds(string operation, string inputs) =>
        AssertRefusedHereAsync(operation, inputs, $"{folder["a.conf"]} is a file, and a folder is meant");

    [Theory]
    [InlineData("files.write", """{ "path": "live", "content": "x" }""")]
    [InlineData("files.set", """{ "path": "live", "key": "a", "value": 1, "format": "yaml" }""")]
    [InlineData("files.append-block", """{ "path": "live", "name": "x", "text": "A=1" }""")]
    [InlineData("files.copy", """{ "from": "a.conf", "to": "live" }""")]
    [InlineData("files.rename", """{ "from": "a.conf", "to": "live" }""")]
    public async Task A_folder_in_place_of_a_file_is_refused_before_anything_begins(string operation, string inputs)
    {
        folder.Write("a.conf", "a");
        folder.Folder("live");
        await using var change = Create(operation, inputs);

        var failure = await Assert.ThrowsAsync<OperationException>(() => change.ObserveAsync(Ct).AsTask());

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(
            $"{folder["live"]} is a folder, and a file is meant",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a.conf", "other.conf")]
    [InlineData("neither", "nor")]
    public async Task A_refused_rename_is_taken_back_without_moving_anything(string from, string to) =>
        await AssertRefusedHereAsync("files.rename", $$"""{ "from": "{{from}}", "to": "{{to}}" }""", to);

    [Fact]
    public async Task A_folder_that_was_removed_since_is_no_obstacle_to_taking_a_new_file_back()
    {
        folder.Folder("live");
        await using var change = Create("files.write", """{ "path": "live/a.conf", "content": "x" }""");
        var before = await change.ObserveAsync(Ct);
        await DrainAsync(change.ApplyAsync(before, Ct));
        Directory.Delete(folder["live"], recursive: true);

        await DrainAsync(change.UndoAsync(before, null, Ct));

        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_rename_to_another_file_system_is_refused_and_moves_nothing()
    {
        var path = folder.Write("a.conf", "a");
        using var memory = new MemoryFolder();

        await AssertRefusedHereAsync(
            "files.rename",
            $$"""{ "from": "{{path}}", "to": "{{memory.Path}}/a.conf" }""",
            "another file system"
        );
    }

    private async Task AssertRefusedAsync(string prepare, string operation, string inputs, string reason)
    {
        var big = new string('x', 40_000);
        folder.Write("big.txt", big);
        folder.Folder("live");

        var told = await ConfinedChild.RunAsync(
            prepare,
            operation,
            inputs.Replace("BIG", big, StringComparison.Ordinal),
            folder.Path,
            Ct
        );

        Assert.StartsWith("Refused: ", told.Apply, StringComparison.Ordinal);
        Assert.Contains(reason, told.Apply, StringComparison.Ordinal);
        Assert.Contains(folder["live/"], told.Apply, StringComparison.Ordinal);
        Assert.Equal("app.yaml = a: 1", told.Files);
        Assert.Equal("done", told.Undo);
    }

    private async Task AssertRefusedHereAsync(string operation, string inputs, string reason)
    {
        folder.Write("a.conf", "a");
        folder.Write("other.conf", "other");
        var live = FileSnapshot.Of(folder.Path);
        await using var change = Create(operation, inputs);
        var before = await change.ObserveAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));
        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);

        await DrainAsync(change.UndoAsync(before, null, Ct));
        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
        Assert.Equal(live, FileSnapshot.Of(folder.Path));
    }

    private BoundChange Create(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            JsonElement.Parse(inputs),
            new TestScope(folder.Path, folder.Path, TestProgram.Instance.Processes)
        );

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }

    /// <summary>A folder in memory, which is a file system of its own.</summary>
    private sealed class MemoryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateDirectory($"/dev/shm/belay-{Guid.NewGuid():N}").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
