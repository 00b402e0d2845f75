namespace Architecture;

/// <summary>How the program's sources look.</summary>
public sealed class SourceTests
{
    private const int LongestFile = 400;

    [Fact]
    public void A_file_can_be_read_at_one_sitting() =>
        Rule.Holds(Repository.Sources().Where(path => Repository.Read(path).AsSpan().Count('\n') > LongestFile));

    [Theory]
    [InlineData("TODO")]
    [InlineData("FIXME")]
    [InlineData("NotImplementedException")]
    public void Nothing_is_left_for_later(string word) =>
        Rule.Holds(Repository.Sources().Where(path => Repository.Read(path).Contains(word, StringComparison.Ordinal)));
}
