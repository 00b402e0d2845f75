using JournalKit;

namespace Belay.Stores.Tests;

public sealed class FileJournalStoreTests : JournalStoreContract<FilesUnderTest>;
