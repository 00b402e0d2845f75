namespace Belay.Parts.Tests;

public sealed class PartsFolderTests
{
    [Fact]
    public void A_missing_program_is_told_with_the_script_that_brings_it()
    {
        var failure = Assert.Throws<FileNotFoundException>(() => PartsFolder.Find("no-such-server"));

        Assert.Contains("no-such-server", failure.Message, StringComparison.Ordinal);
        Assert.Contains("run tools/install-parts", failure.Message, StringComparison.Ordinal);
    }
}
