using Belay.Domain.Environments;
using Belay.Engine.Ports;
using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class FileJournalStoreTests : JournalStoreContract<FilesUnderTest>;

public sealed class FileFollowTests : FollowContract<FilesUnderTest>;

public sealed class FileLeaseTests : LeaseContract<FilesUnderTest>;

public sealed class FileRequestsTests : RequestsContract<FilesUnderTest>;

public sealed class FileSealedValuesTests : SealedValuesContract<FilesUnderTest>;

public sealed class FileModelTests : ModelContract<FilesUnderTest>;

public sealed class FileIdentitiesTests : IdentitiesContract<FilesUnderTest>
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"systems\":{\"db\":{\"id\":null}}}")]
    [InlineData("{\"systems\":[]}")]
    public async Task A_damaged_file_is_never_taken_for_an_environment_that_was_not_used_yet(string content)
    {
        await First.Identities.WriteAsync("production", EnvironmentIdentity.None, Ct);
        await File.WriteAllTextAsync(
            Path.Combine(Store.Folder, "environments", "production", "identity.json"),
            content,
            Ct
        );

        var failure = await Assert.ThrowsAsync<JournalException>(() => First.Identities.ReadAsync("production", Ct));

        Assert.Equal(JournalFault.Damaged, failure.Fault);
        Assert.Contains("identity.json", failure.Message, StringComparison.Ordinal);
    }
}
