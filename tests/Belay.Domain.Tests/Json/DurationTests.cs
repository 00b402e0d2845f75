using Belay.Domain.Json;

namespace Belay.Domain.Tests.Json;

public sealed class DurationTests
{
    [Fact]
    public void The_longest_duration_is_read_as_it_was_written()
    {
        Assert.True(Duration.TryParse(Duration.Format(Duration.Greatest), out var again));
        Assert.Equal(Duration.Greatest, again);
    }

    [Theory]
    [InlineData("999999d1ms")]
    [InlineData("999999d9999999h999999999m9999999999s999999999999ms")]
    public void A_duration_that_could_be_written_and_not_be_read_again_is_none(string text) =>
        Assert.False(Duration.TryParse(text, out _));
}
