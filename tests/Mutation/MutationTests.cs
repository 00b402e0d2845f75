namespace Mutation;

public sealed class MutationTests(ITestOutputHelper output)
{
    [Fact]
    public void The_engine_as_it_is_compiles_here_and_nothing_is_held_against_it() =>
        Assert.Null(Judge.Notice(new EngineCode().Whole(), lives: 20, from: 1));

    [Fact]
    public void An_intent_that_is_not_journaled_is_noticed()
    {
        var engine = new EngineCode();
        var slip = Generator
            .Of(engine)
            .Single(mutant =>
                mutant is { Kind: "statement dropped", Was: "await run.Recorder.RecordAsync(intent);", Becomes: ";" }
            );

        Assert.NotNull(Judge.Notice(engine.With(slip)!, lives: 50, from: 1));
    }

    [Fact]
    public async Task A_sample_of_slips_is_judged_to_its_end()
    {
        var search = new MutantSearch(lives: 100, Environment.ProcessorCount, file: null);

        await search.RunAsync(sample: 10, seed: 1);

        output.WriteLine(search.Figures);
        foreach (var survivor in search.Survivors)
            output.WriteLine(survivor.ToString());
        Assert.Equal(10, search.Judged);
    }
}
