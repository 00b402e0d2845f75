using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Nginx;

public sealed class ConfigureContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) => NginxFixture.StartAsync(ct);
}

public sealed class ConfigureTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loaded_it_answers_with_the_new_configuration_and_taken_back_with_the_old_one_and_no_request_is_lost()
    {
        await using var fixture = (NginxFixture)await NginxFixture.StartAsync(Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = Enumerable.Range(0, 8).Select(_ => AskAsync(fixture.Server, ending.Token)).ToArray();

        for (var round = 0; round < 3; round++)
        {
            var before = await change.ObserveAsync(Ct);
            await DrainAsync(change.ApplyAsync(before, Ct));
            Assert.Equal("new", await fixture.AnswerAsync(Ct));
            await DrainAsync(change.UndoAsync(before, await change.ObserveAsync(Ct), Ct));
            Assert.Equal("old", await fixture.AnswerAsync(Ct));
        }

        await ending.CancelAsync();
        var answers = (await Task.WhenAll(asking)).SelectMany(answer => answer).ToList();
        Assert.Contains("new", answers);
        Assert.DoesNotContain(answers, answer => answer is not ("old" or "new"));
    }

    [Fact]
    public async Task A_configuration_that_nginx_refuses_is_told_in_its_words_and_the_old_one_goes_on()
    {
        await using var fixture = (NginxFixture)await NginxFixture.StartAsync(Ct, "location / { retrun 200 new; }\n");
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var refused = await Assert.ThrowsAsync<OperationException>(() => DrainAsync(change.ApplyAsync(before, Ct)));

        Assert.Equal(FailureKind.Refused, refused.Kind);
        Assert.Contains("unknown directive \"retrun\"", refused.Message, StringComparison.Ordinal);
        Assert.Equal(NginxFixture.Old, await File.ReadAllTextAsync(fixture.Server.Site, Ct));
        Assert.Equal("old", await fixture.AnswerAsync(Ct));
    }

    [Fact]
    public async Task An_nginx_that_does_not_run_is_no_answer()
    {
        await using var fixture = (NginxFixture)await NginxFixture.StartAsync(Ct);
        await fixture.Server.StopAsync();
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        var refused = await Assert.ThrowsAsync<OperationException>(async () => await change.ObserveAsync(Ct));

        Assert.Contains("no nginx runs", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.10", null, true)]
    [InlineData("1.0.1", "99.0", true)]
    [InlineData("99.0", null, false)]
    [InlineData("1.0", "1.1", false)]
    public async Task Its_version_is_judged(string atLeast, string? below, bool holds)
    {
        var definition = (CheckDefinition)TestProgram.Instance.Catalog.Find("nginx.version")!;
        using var folder = new TestFolder();
        var scope = new TestScope(folder.Path, folder.Path, TestProgram.Instance.Processes);
        var inputs = System.Text.Json.JsonSerializer.SerializeToElement(
            new Dictionary<string, string?>
            {
                ["program"] = NginxServer.Program,
                ["at-least"] = atLeast,
                ["below"] = below,
            }
        );
        await using var check = definition.Create(inputs, scope);

        Assert.Equal(holds, check.Judge(await check.ObserveAsync(Ct)) is Verdict.Holds);
    }

    // A client that sends each request once, on a connection of its own: what is lost is lost.
    private static async Task<List<string>> AskAsync(NginxServer server, CancellationToken ct)
    {
        var answers = new List<string>();
        while (!ct.IsCancellationRequested)
        {
            using var client = new HttpClient();
            try
            {
                answers.Add(
                    await client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Port}/"), CancellationToken.None)
                );
            }
            catch (HttpRequestException e)
            {
                answers.Add(e.Message);
            }
        }
        return answers;
    }

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }
}
