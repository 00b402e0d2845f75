using Belay.Engine.Ports;
using Xunit;

namespace JournalKit;

/// <summary>Random moves against a store and against a model in memory, from a seed: both must say the same after each move.</summary>
public abstract class ModelContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    private const int Moves = 150;

    private readonly Dictionary<string, List<string>> model = new(StringComparer.Ordinal);
    private readonly List<string> begun = [];
    private ILease lease = null!;
    private IJournal? journal;
    private long fence;
    private int number;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Any_sequence_of_moves_leaves_what_the_model_says(int seed)
    {
        var random = new Random(seed);
        await TakeLeaseAsync();
        for (var move = 0; move < Moves; move++)
        {
            switch (random.Next(12))
            {
                case 0:
                    await BeginRunAsync();
                    break;
                case 1:
                    await OpenSomeRunAsync(random);
                    break;
                case 2:
                    await LoseLeaseAsync();
                    break;
                case 3:
                    await CompareListAsync();
                    break;
                case 4 or 5:
                    await CompareRunAsync(random);
                    break;
                case 6 or 7:
                    if (journal is not null)
                        await journal.CommitAsync();
                    break;
                default:
                    AppendSome(random);
                    break;
            }
        }
        await CloseAsync();
        await CompareListAsync();
        foreach (var run in begun)
            Assert.Equal(model[run], await StepsAsync(run));
    }

    private async Task TakeLeaseAsync()
    {
        lease = await LeaseAsync();
        Assert.True(lease.Fence > fence);
        fence = lease.Fence;
    }

    private async Task BeginRunAsync()
    {
        await CloseAsync();
        var run = $"run-{begun.Count}";
        journal = await CreateAsync(run, lease);
        begun.Add(run);
        model.Add(run, []);
    }

    private async Task OpenSomeRunAsync(Random random)
    {
        await CloseAsync();
        if (begun.Count == 0)
            return;
        journal = await OpenAsync(begun[random.Next(begun.Count)], lease);
        Assert.Equal(0, journal.Torn);
        Assert.Equal(model[journal.Run], journal.History.Skip(1).Select(Sample.StepOf));
    }

    private async Task LoseLeaseAsync()
    {
        var (before, stale) = (journal, lease);
        if (before is not null)
            await before.CommitAsync();
        await Store.TakeAwayAsync(stale);
        await TakeLeaseAsync();
        journal = null;
        Assert.False(stale.StillHeld);
        if (before is not null)
            Assert.Equal(
                JournalFault.StaleLease,
                Assert.Throws<JournalException>(() => before.Append(Sample.Event(0))).Fault
            );
    }

    private void AppendSome(Random random)
    {
        for (var i = random.Next(30); i > 0 && journal is not null; i--)
        {
            var entry = journal.Append(Sample.Event(++number));
            model[journal.Run].Add($"step-{number}");
            Assert.Equal(model[journal.Run].Count + 1, entry.Sequence);
        }
    }

    private async Task CompareRunAsync(Random random)
    {
        if (begun.Count == 0)
            return;
        if (journal is not null)
            await journal.CommitAsync();
        var run = begun[random.Next(begun.Count)];
        Assert.Equal(model[run], await StepsAsync(run));
    }

    private async Task CompareListAsync()
    {
        var listed = await Store.Open().Journals.ListAsync(Sample.Environment, Ct);
        Assert.Equal(begun.AsEnumerable().Reverse(), listed.Select(run => run.Run));
    }

    private async Task CloseAsync()
    {
        if (journal is not null)
            await journal.DisposeAsync();
        journal = null;
    }

    private async Task<IEnumerable<string?>> StepsAsync(string run) =>
        (await ReadAsync(run)).Skip(1).Select(Sample.StepOf);
}
