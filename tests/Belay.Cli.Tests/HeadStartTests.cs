using Belay.Cli.Work;

namespace Belay.Cli.Tests;

public sealed class HeadStartTests
{
    [Fact]
    public void What_is_made_ready_beforehand_can_be_made_ready() =>
        // In the program it runs aside, where nobody would see that it failed: only the start would be slow again.
        Assert.Null(Record.Exception(HeadStart.Prepare));
}
