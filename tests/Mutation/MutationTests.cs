namespace Mutation;

public sealed class MutationTests(ITestOutputHelper output)
{
    [Fact]
    public void The_engine_as_it_is_compiles_here_and_nothing_is_held_against_it() =>
        Assert.Null(Judge.Notice(new EngineCode().Whole(), lives: 20, from: 1));

    [Fact]
    public async Task Most_of_a_sample_of_slips_are_noticed_by_the_simulation()
    {
        var search = new MutantSearch(lives: 300, file: null);

        await search.RunAsync(sample: 20, seed: 1);

        output.WriteLine(search.Figures);
        foreach (var survivor in search.Survivors)
            output.WriteLine(survivor.ToString());
        Assert.True(search.Score >= 0.7, search.Figures);
    }
}
