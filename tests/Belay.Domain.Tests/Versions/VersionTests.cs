using Belay.Domain.Versions;

namespace Belay.Domain.Tests.Versions;

public sealed class VersionTests
{
    [Fact]
    public void Versions_are_ordered_as_semver_orders_them()
    {
        string[] ordered =
        [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-rc.2",
            "1.0.0-rc.10",
            "v1.0",
            "1.0.1",
            "1.10.4",
            "10.5.2603",
        ];
        var read = ordered.Select(text => VersionNumber.TryParse(text)!).ToArray();
        Assert.Equal(read, read.Reverse().Order());
        Assert.Equal(VersionNumber.TryParse("1.0.0+build"), VersionNumber.TryParse("1"));
        Assert.Null(VersionNumber.TryParse("latest"));
    }

    [Theory]
    [InlineData(">= 1.10.4", "1.10.4", true)]
    [InlineData(">= 1.10.4", "1.9.8", false)]
    [InlineData(">= 1.5, < 2.0", "1.11.4", true)]
    [InlineData(">= 1.5, < 2.0", "2.0.0", false)]
    [InlineData("~> 1.5", "1.99.0", true)]
    [InlineData("~> 1.5.2", "1.6.0", false)]
    [InlineData("^18 || ^20.1", "20.0.9", false)]
    [InlineData("^18 || ^20.1", "18.19.0", true)]
    [InlineData("^0.2.3", "0.3.0", false)]
    [InlineData("~1.2", "1.2.9", true)]
    [InlineData("1.x", "1.7", true)]
    [InlineData("1.x", "2.0", false)]
    [InlineData("1.2 - 1.4", "1.3.5", true)]
    [InlineData(">=1.29.0-0", "1.32.1", true)]
    [InlineData("!= 1.3.0", "1.3.0", false)]
    [InlineData("1.2.3", "1.2.4", false)]
    [InlineData("*", "7", true)]
    public void A_range_says_which_versions_will_do(string range, string version, bool holds) =>
        Assert.Equal(holds, VersionRange.TryParse(range)!.Holds(VersionNumber.TryParse(version)!));

    [Theory]
    [InlineData("recent")]
    [InlineData(">= soon")]
    public void What_is_no_range_says_nothing(string text) => Assert.Null(VersionRange.TryParse(text));
}
