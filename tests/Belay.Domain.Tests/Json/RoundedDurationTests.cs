using Belay.Domain.Json;

namespace Belay.Domain.Tests.Json;

public sealed class RoundedDurationTests
{
    [Theory]
    [InlineData(-5, "0ms")]
    [InlineData(0, "0ms")]
    [InlineData(417, "417ms")]
    [InlineData(4_290, "4.2s")]
    [InlineData(42_999, "42s")]
    [InlineData(192_000, "3m12s")]
    [InlineData(7_500_000, "2h05m")]
    [InlineData(273_600_000, "3d4h")]
    public void A_duration_reads_as_people_would_say_it(long milliseconds, string words) =>
        Assert.Equal(words, Duration.Rounded(TimeSpan.FromMilliseconds(milliseconds)));
}
