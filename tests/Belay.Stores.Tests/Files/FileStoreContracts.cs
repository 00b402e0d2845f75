using JournalKit;

namespace Belay.Stores.Tests.Files;

public sealed class FileJournalStoreTests : JournalStoreContract<FilesUnderTest>;

public sealed class FileFollowTests : FollowContract<FilesUnderTest>;

public sealed class FileLeaseTests : LeaseContract<FilesUnderTest>;

public sealed class FileRequestsTests : RequestsContract<FilesUnderTest>;

public sealed class FileSealedValuesTests : SealedValuesContract<FilesUnderTest>;

public sealed class FileModelTests : ModelContract<FilesUnderTest>;
