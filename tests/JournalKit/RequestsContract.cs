using Belay.Engine.Ports;
using Xunit;

namespace JournalKit;

/// <summary>What every store's requests do.</summary>
public abstract class RequestsContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task Requests_are_read_as_they_were_put_down_in_their_order()
    {
        await CreateAsync("run-1", await LeaseAsync());
        RunRequest[] put =
        [
            new ApproveRequest
            {
                By = "anna",
                Step = "approve",
                Covers = "abc",
                Note = "Grüße \"quoted\"",
            },
            new HaltRequest { By = "berta" },
            new ConfirmRequest { By = "carl", Step = "call@web-1" },
        ];
        foreach (var request in put)
            await Store.Open().Requests.PutAsync("run-1", request, Ct);

        Assert.Equal(put, (await ReadAsync(put.Length)).Select(pending => pending.Request));
    }

    [Fact]
    public async Task A_request_that_comes_later_is_read_later()
    {
        await CreateAsync("run-1", await LeaseAsync());
        var reading = Task.Run(() => ReadAsync(2), Ct);
        await First.Requests.PutAsync("run-1", Halt("anna"), Ct);

        await First.Requests.PutAsync("run-1", Halt("berta"), Ct);

        Assert.Equal(["anna", "berta"], (await reading).Select(pending => pending.Request.By));
    }

    [Fact]
    public async Task A_request_waits_until_it_is_removed_also_for_another_process()
    {
        await CreateAsync("run-1", await LeaseAsync());
        await First.Requests.PutAsync("run-1", Halt("anna"), Ct);
        await First.Requests.PutAsync("run-1", Halt("berta"), Ct);
        var first = (await ReadAsync(1))[0];
        Assert.Equal(first, (await ReadAsync(1))[0]);

        await First.Requests.RemoveAsync("run-1", first, Ct);
        await First.Requests.RemoveAsync("run-1", first, Ct);

        Assert.Equal("berta", (await ReadAsync(1))[0].Request.By);
    }

    [Fact]
    public async Task A_request_that_comes_after_all_others_were_removed_is_read_too()
    {
        await CreateAsync("run-1", await LeaseAsync());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new List<string>();
        await First.Requests.PutAsync("run-1", Halt("nr 0"), Ct);

        await foreach (var pending in First.Requests.ReadAsync("run-1", end.Token))
        {
            seen.Add(pending.Request.By);
            await First.Requests.RemoveAsync("run-1", pending, Ct);
            if (seen.Count == 5)
                await end.CancelAsync();
            else
                await First.Requests.PutAsync("run-1", Halt($"nr {seen.Count}"), Ct);
        }

        Assert.Equal(["nr 0", "nr 1", "nr 2", "nr 3", "nr 4"], seen);
    }

    [Fact]
    public async Task Requests_of_many_at_once_are_all_read()
    {
        await CreateAsync("run-1", await LeaseAsync());

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => Task.Run(() => Store.Open().Requests.PutAsync("run-1", Halt($"nr {i}"), Ct), Ct))
        );

        var read = (await ReadAsync(20)).Select(pending => pending.Request.By);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"nr {i}").Order(), read.Order());
    }

    [Fact]
    public async Task A_reader_who_waits_ends_quietly_when_cancelled()
    {
        await CreateAsync("run-1", await LeaseAsync());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        end.CancelAfter(TimeSpan.FromMilliseconds(50));

        Assert.Empty(await First.Requests.ReadAsync("run-1", end.Token).ToListAsync(Ct));
    }

    [Fact]
    public async Task A_request_of_a_run_that_does_not_exist_is_refused()
    {
        var failure = await Assert.ThrowsAsync<JournalException>(() =>
            First.Requests.PutAsync("run-7", Halt("anna"), Ct)
        );

        Assert.Equal(JournalFault.Missing, failure.Fault);
    }

    private static HaltRequest Halt(string by) => new() { By = by };

    private async Task<IReadOnlyList<PendingRequest>> ReadAsync(int count) =>
        await Store.Open().Requests.ReadAsync("run-1", Ct).Take(count).ToListAsync(Ct);
}
