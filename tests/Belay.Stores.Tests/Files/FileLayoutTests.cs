using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Engine.Ports;
using Belay.Stores.Files;
using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class FileLayoutTests : FilesTest
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    [Fact]
    public async Task Files_and_folders_are_the_owners_alone()
    {
        await WriteJournalAsync(3);
        await First.Requests.PutAsync(Run, new HaltRequest { By = "anna" }, Ct);
        First.SealedValues.Seal(Run, "s3cret");
        new FileStore(Store.Folder, Store.Keys, TimeProvider.System).WorkingFolder(Run);

        foreach (var place in new[] { Store.Folder, Store.Keys })
        {
            Assert.Equal(OwnersFolder, File.GetUnixFileMode(place));
            foreach (var path in Directory.EnumerateFileSystemEntries(place, "*", SearchOption.AllDirectories))
                Assert.Equal(Directory.Exists(path) ? OwnersFolder : OwnersFile, File.GetUnixFileMode(path));
        }
        Assert.True(Directory.Exists(Path.Combine(Store.Folder, "runs", Run, "work")));
        Assert.Empty(Directory.EnumerateFiles(Store.Folder, ".*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_sealed_value_stands_in_no_file_and_its_key_is_not_in_the_store()
    {
        await WriteJournalAsync(3);
        var name = First.SealedValues.Seal(Run, "a-very-secret-value");

        foreach (var path in Directory.EnumerateFiles(Store.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(
                "a-very-secret-value",
                await File.ReadAllTextAsync(path, Ct),
                StringComparison.Ordinal
            );
        var key = await File.ReadAllBytesAsync(Assert.Single(Directory.EnumerateFiles(Store.Keys)), Ct);
        Assert.Equal(32, key.Length);

        File.Delete(Assert.Single(Directory.EnumerateFiles(Store.Keys)));
        var failure = Assert.Throws<JournalException>(() => First.SealedValues.Unseal(Run, name));
        Assert.Equal(JournalFault.Missing, failure.Fault);
    }

    [Fact]
    public async Task What_tools_wrote_in_the_clear_goes_with_the_sealed_values_and_other_files_of_the_run_stay()
    {
        await WriteJournalAsync(3);
        var work = new FileStore(Store.Folder, Store.Keys, TimeProvider.System).WorkingFolder(Run);
        var secret = Directory.CreateDirectory(Path.Combine(work, ScopeExtensions.SecretFolderName)).FullName;
        await File.WriteAllTextAsync(Path.Combine(secret, "plan"), "hunter2", Ct);
        await File.WriteAllTextAsync(Path.Combine(work, "note"), "kept", Ct);

        First.SealedValues.Remove(Run);

        Assert.False(Directory.Exists(secret));
        Assert.True(File.Exists(Path.Combine(work, "note")));
    }

    [Fact]
    public async Task A_changed_sealed_value_is_told_and_not_returned()
    {
        await WriteJournalAsync(3);
        var name = First.SealedValues.Seal(Run, "s3cret");
        var path = Path.Combine(Store.Folder, "runs", Run, "sealed", name);
        var content = await File.ReadAllBytesAsync(path, Ct);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(path, content, Ct);

        var failure = Assert.Throws<JournalException>(() => First.SealedValues.Unseal(Run, name));

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_no_request_is_told_with_its_file()
    {
        await WriteJournalAsync(3);
        await First.Requests.PutAsync(Run, new HaltRequest { By = "anna" }, Ct);
        var path = Directory.EnumerateFiles(Path.Combine(Store.Folder, "runs", Run, "requests")).Single();
        await File.WriteAllTextAsync(path, "{}", Ct);

        var failure = await Assert.ThrowsAsync<JournalException>(async () =>
            await First.Requests.ReadAsync(Run, Ct).FirstAsync(Ct)
        );

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_with_a_plan_of_megabytes_is_listed_by_its_environment()
    {
        var lease = await LeaseAsync("staging");
        var start = Sample.Start(Run, "staging");
        start = start with { Plan = start.Plan with { Upgrade = new string('u', 3_000_000) } };
        await using (await First.Journals.CreateAsync(Run, lease, start, Ct))
            Assert.Equal("staging", Assert.Single(await First.Journals.ListAsync(null, Ct)).Environment);
    }

    [Fact]
    public async Task A_run_folder_without_a_journal_is_no_run()
    {
        await WriteJournalAsync(3);
        Directory.CreateDirectory(Path.Combine(Store.Folder, "runs", "half-made"));

        Assert.Equal([Run], (await First.Journals.ListAsync(null, Ct)).Select(run => run.Run));
        await Assert.ThrowsAsync<JournalException>(() => ReadAsync("half-made"));
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("line\nfeed")]
    public async Task A_name_that_would_lead_out_of_the_store_is_refused(string name)
    {
        var lease = await LeaseAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => CreateAsync(name, lease));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(() => LeaseAsync(name));
    }

    [Fact]
    public async Task A_line_is_plain_json_that_other_tools_read()
    {
        var lines = await WriteJournalAsync(2);

        var first = JsonDocument.Parse(lines[0]).RootElement;

        Assert.Equal(
            ["v", "seq", "at", "fence", "kind", "run"],
            first.EnumerateObject().Take(6).Select(member => member.Name)
        );
        Assert.Equal(["prev", "hash"], first.EnumerateObject().TakeLast(2).Select(member => member.Name));
    }
}
