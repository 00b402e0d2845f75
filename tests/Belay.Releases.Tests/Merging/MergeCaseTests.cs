namespace Belay.Releases.Tests.Merging;

/// <summary>The cases, each one merged.</summary>
public sealed class MergeCaseTests
{
    public static TheoryData<string> Names => [.. MergeCase.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_case_gives_what_was_expected(string name)
    {
        var tried = Named(name);

        var merged = tried.Merge();

        Assert.Equal(tried.Text("expected"), merged.Text);
        Assert.Equal(tried.Conflicts.Order(), merged.Open.Select(c => c.Key).Order());
        Assert.Equal(tried.Placeholders.Order(), merged.Placeholders.Select(p => p.Key).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_second_run_changes_nothing(string name)
    {
        var tried = Named(name);
        var first = tried.Merge();

        var second = tried.Merge(first.Text);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Open.Select(c => c.Key), second.Open.Select(c => c.Key));
    }

    [Fact]
    public void There_are_at_least_thirty() => Assert.True(MergeCase.All.Length >= 30);

    private static MergeCase Named(string name) => MergeCase.All.Single(c => c.Name == name);
}
