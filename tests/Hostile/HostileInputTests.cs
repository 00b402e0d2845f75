using System.Globalization;

namespace Hostile;

public sealed class HostileInputTests(ITestOutputHelper output)
{
    /// <summary>How many inputs, and from which seed; a longer search is a program of its own.</summary>
    private const int Inputs = 4000;
    private const int Seed = 1;

    [Fact]
    public void No_input_crashes_hangs_or_goes_without_a_diagnostic()
    {
        var hunt = new Hunt(Environment.ProcessorCount);

        hunt.Run(Seed, Inputs);

        output.WriteLine(hunt.Figures);
        Assert.True(hunt.Findings.Count == 0, string.Join("\n\n", hunt.Findings));
        Assert.Equal(Inputs, hunt.Tried);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    public void A_seed_makes_the_same_input_again(int seed)
    {
        using var one = new Hunter();
        using var other = new Hunter();

        Assert.Equal(one.Make(seed).Bytes, other.Make(seed).Bytes);
    }
}
