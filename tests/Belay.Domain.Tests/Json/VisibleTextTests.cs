using Belay.Domain.Json;

namespace Belay.Domain.Tests.Json;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain, ä and 💩", "plain, ä and 💩")]
    [InlineData("a\tb\nc", "a\tb\nc")]
    [InlineData("\u001b[2Jdone", "\\u001B[2Jdone")]
    [InlineData("a\u202egnp", "a\\u202Egnp")]
    [InlineData("over\rwritten", "over\\u000Dwritten")]
    public void What_others_wrote_can_neither_move_the_cursor_nor_turn_letters_around(string text, string seen) =>
        Assert.Equal(seen, VisibleText.Of(text));

    [Theory]
    [InlineData("a\nb", 10, "a\\nb")]
    [InlineData("abcdef", 4, "abcd...")]
    [InlineData("abc💩", 4, "abc...")]
    public void A_line_is_one_line_and_not_endless(string text, int longest, string seen) =>
        Assert.Equal(seen, VisibleText.Line(text, longest));
}
