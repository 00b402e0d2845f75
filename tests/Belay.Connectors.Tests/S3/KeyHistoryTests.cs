using System.Collections.Immutable;
using Belay.Connectors.S3;

namespace Belay.Connectors.Tests.S3;

/// <summary>How far the versions of a key are copied, as their tags tell.</summary>
public sealed class KeyHistoryTests
{
    [Theory]
    [InlineData("abc", "", 0, false, false)]
    [InlineData("abc", "a", 1, false, false)]
    [InlineData("abc", "abc", 3, false, true)]
    [InlineData("abc", "abcx", 3, false, false)]
    [InlineData("abc", "ax", 1, true, false)]
    [InlineData("abc", "x", 0, true, false)]
    [InlineData("", "x", 0, false, false)]
    [InlineData("a-a", "a-a", 3, false, true)]
    public void Copies_are_a_beginning_of_the_source(
        string source,
        string target,
        int copied,
        bool isInTheWay,
        bool isSame
    )
    {
        var history = new KeyHistory("key", Versions(source), Versions(target));

        Assert.Equal((copied, isInTheWay, isSame), (history.Copied, history.IsInTheWay, history.IsSame));
        Assert.Equal(source.Length - copied, history.Missing.Length);
    }

    [Fact]
    public void Content_is_divided_so_that_an_upload_has_no_more_parts_than_the_service_takes()
    {
        const long Largest = 5L * 1024 * 1024 * 1024 * 1024;

        var parts = ObjectParts.Of(Largest);

        Assert.InRange(parts.Length, 1, 10_000);
        Assert.Equal(Largest, parts.Sum(part => part.Length));
        Assert.Equal(new ObjectPart(1, 0, 0), Assert.Single(ObjectParts.Of(0)));
    }

    // A hyphen is a deletion, a letter a version with that content.
    private static ImmutableArray<ObjectVersion> Versions(string letters) =>
        [
            .. letters.Select(
                (letter, i) =>
                    new ObjectVersion("key", $"v{i}", letter == '-', false, letter == '-' ? "" : $"{letter}", 1)
            ),
        ];
}
