using Belay.Domain.Parking;

namespace Belay.Domain.Tests.Parking;

public sealed class ReachTests
{
    [Theory]
    [InlineData("postgresql:orders", "postgresql:billing")]
    [InlineData("haproxy:shop/web1", "haproxy:shop/web2")]
    [InlineData("file:/srv/shop/app.env", "file:/srv/blog/app.env")]
    public void Different_resources_have_nothing_in_common(string mine, string theirs) =>
        Assert.Empty(Altering(mine).InCommonWith(Altering(theirs)));

    [Theory]
    [InlineData("postgresql:orders", "postgresql:orders")]
    [InlineData("haproxy:shop", "haproxy:shop/web1")]
    [InlineData("file:/srv/shop/app.env", "file:/srv/shop")]
    [InlineData("haproxy:shop/web1", "process:web1")]
    public void One_resource_or_one_in_the_other_or_one_member_is_common(string mine, string theirs)
    {
        var common = Assert.Single(Altering(mine).InCommonWith(Altering(theirs)));

        Assert.StartsWith(mine, common, StringComparison.Ordinal);
        if (mine != theirs)
            Assert.Contains(theirs, common, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_names_at_one_address_are_common()
    {
        var mine = Of(new TouchedResource("haproxy:shop/web1", Altered: true) { Address = "10.0.0.5:80" });
        var theirs = Of(new TouchedResource("process:a7", Altered: true) { Address = "10.0.0.5:80" });

        Assert.Single(mine.InCommonWith(theirs));
    }

    [Fact]
    public void What_both_only_read_is_not_common_and_what_one_of_them_alters_is()
    {
        var reads = Of(new TouchedResource("postgresql:orders", Altered: false));

        Assert.Empty(reads.InCommonWith(reads));
        Assert.Single(reads.InCommonWith(Altering("postgresql:orders")));
        Assert.Single(Altering("postgresql:orders").InCommonWith(reads));
    }

    private static Reach Altering(string resource) => Of(new TouchedResource(resource, Altered: true));

    private static Reach Of(TouchedResource touched) => new() { Resources = [touched], Connections = [] };
}
