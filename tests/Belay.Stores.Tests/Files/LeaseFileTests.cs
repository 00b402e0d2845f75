using Belay.Engine.Ports;
using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class LeaseFileTests : FilesTest
{
    private string Environment => Path.Combine(Store.Folder, "environments", Sample.Environment);

    [Fact]
    public async Task The_holder_stands_in_the_lease_file_for_everybody_to_read()
    {
        await using var lease = await LeaseAsync();

        Assert.Contains(
            "anna@test",
            await File.ReadAllTextAsync(Path.Combine(Environment, "lease"), Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_greater_fencing_number_on_disk_makes_a_lease_stale()
    {
        await using var lease = await LeaseAsync();
        var aside = Path.Combine(Environment, "aside");
        await File.WriteAllTextAsync(aside, $"{lease.Fence + 1}\n", Ct);

        File.Move(aside, Path.Combine(Environment, "fence"), overwrite: true);

        Assert.False(lease.StillHeld);
    }

    [Fact]
    public async Task A_fencing_number_put_back_after_it_was_missing_does_not_make_the_lease_held_again()
    {
        await using var lease = await LeaseAsync();
        var path = Path.Combine(Environment, "fence");
        File.Move(path, path + ".away");
        Assert.False(lease.StillHeld);

        File.Move(path + ".away", path);

        Assert.False(lease.StillHeld);
    }

    [Fact]
    public async Task A_fencing_number_that_went_back_is_told_when_the_journal_is_opened()
    {
        await (await LeaseAsync()).DisposeAsync();
        await WriteJournalAsync(3);
        Directory.Delete(Environment, recursive: true);
        var lease = await LeaseAsync();

        var failure = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(Run, lease));

        Assert.Equal(JournalFault.StaleLease, failure.Fault);
        Assert.Contains("fencing number 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("fence", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fencing_number_that_cannot_be_read_is_told_and_the_lease_is_not_taken()
    {
        await (await LeaseAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Environment, "fence"), "seven", Ct);

        var failure = await Assert.ThrowsAsync<JournalException>(() => LeaseAsync());

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.Null(await First.Leases.HolderAsync(Sample.Environment, Ct));
    }
}
