using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Tests.Process;

public sealed class ProcessTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_somebody_else_started_is_adopted_by_its_pid_file_and_command()
    {
        await using var fixture = new StartFixture();
        var stranger = await StartByHandAsync(fixture);
        await File.WriteAllTextAsync(fixture.PidFile, $"{stranger.Pid}\n", Ct);
        await File.WriteAllTextAsync(fixture.Folder["ready"], "", Ct);

        await using var start = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var observed = await start.ObserveAsync(Ct);

        Assert.True(start.Plan(observed).IsEmpty);
        Assert.Equal(stranger.Pid, observed.GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task A_process_id_that_belongs_to_another_program_now_is_not_believed_and_not_stopped()
    {
        await using var fixture = new StopFixture();
        await File.WriteAllTextAsync(fixture.PidFile, $"{Environment.ProcessId}", Ct);

        await using var stop = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        Assert.True(stop.Plan(await stop.ObserveAsync(Ct)).IsEmpty);
        await DrainAsync(stop.ApplyAsync(await stop.ObserveAsync(Ct), Ct));
    }

    [Fact]
    public async Task Without_a_command_a_process_that_is_younger_than_the_pid_file_is_not_believed()
    {
        await using var fixture = new StartFixture();
        var stranger = await StartByHandAsync(fixture);
        await File.WriteAllTextAsync(fixture.PidFile, $"{stranger.Pid}", Ct);
        var inputs = JsonElement.Parse("""{ "name": "web", "pid-file": "run/web.pid" }""");
        await using var stop = StopFixture.Stop.Create(inputs, fixture.NewScope());
        Assert.False(stop.Plan(await stop.ObserveAsync(Ct)).IsEmpty);

        File.SetLastWriteTimeUtc(fixture.PidFile, File.GetLastWriteTimeUtc(fixture.PidFile).AddMinutes(-1));

        Assert.True(stop.Plan(await stop.ObserveAsync(Ct)).IsEmpty);
        Assert.Equal(Reversal.Never, StopFixture.Stop.ReversalOf(inputs));
    }

    [Fact]
    public async Task A_pid_file_that_holds_something_else_is_refused()
    {
        await using var fixture = new StopFixture();
        await File.WriteAllTextAsync(fixture.PidFile, "web is running", Ct);

        await using var stop = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        await Assert.ThrowsAsync<OperationException>(async () => await stop.ObserveAsync(Ct));
    }

    [Fact]
    public async Task A_service_that_ends_before_it_is_ready_is_told_with_the_end_of_its_log_and_without_its_secrets()
    {
        await using var fixture = new StartFixture();
        fixture.Folder.Write("plan/web.sh", "echo \"no route to $GREETING\"; exit 1");

        var failure = await Assert.ThrowsAsync<OperationException>(() => StartAsync(fixture, fixture.Inputs));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("no route to (secret)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_ready_in_time_is_told_and_left_for_people_to_look_at()
    {
        await using var fixture = new StartFixture();
        var inputs = fixture.Inputs.GetRawText().Replace("\"20s\"", "\"300ms\"", StringComparison.Ordinal);
        fixture.Folder.Write("plan/web.sh", "while :; do sleep 0.05; done");

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            StartAsync(fixture, JsonElement.Parse(inputs))
        );

        Assert.Contains("not ready within", failure.Message, StringComparison.Ordinal);
        Assert.Single(fixture.Running());
    }

    [Fact]
    public async Task A_service_that_does_not_hear_SIGTERM_is_killed_only_where_the_plan_allows_it()
    {
        await using var fixture = new StopFixture();
        fixture.Folder.Write("plan/web.sh", "trap '' TERM; echo ready > $READY; while :; do sleep 0.05; done");
        await fixture.StartServiceAsync(Ct);
        var patient = fixture.Inputs.GetRawText().Replace("\"10s\"", "\"200ms\"", StringComparison.Ordinal);

        var failure = await Assert.ThrowsAsync<OperationException>(() => StopAsync(fixture, patient));
        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Single(fixture.Running());

        var killing = patient.Replace("\"name\"", "\"kill\": true, \"name\"", StringComparison.Ordinal);
        await StopAsync(fixture, killing);
        Assert.Empty(fixture.Running());
    }

    [Fact]
    public async Task Ready_over_http_means_an_answer_from_200_to_299()
    {
        await using var fixture = new StartFixture();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, "503 Service Unavailable", "503 Service Unavailable", "200 OK");

        await StartAsync(fixture, WithReady(fixture, $$"""{ "http": "http://{{listener.LocalEndpoint}}/healthz" }"""));

        await served;
    }

    [Fact]
    public async Task Ready_over_tcp_means_an_accepted_connection()
    {
        await using var fixture = new StartFixture();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        await StartAsync(fixture, WithReady(fixture, $$"""{ "tcp": "{{listener.LocalEndpoint}}" }"""));

        Assert.True(listener.Pending());
    }

    [Theory]
    [InlineData("{ }", "ready")]
    [InlineData("""{ "tcp": "127.0.0.1:80", "http": "http://127.0.0.1" }""", "ready")]
    [InlineData("""{ "tcp": "127.0.0.1" }""", "ready.tcp")]
    [InlineData("""{ "http": "127.0.0.1/healthz" }""", "ready.http")]
    public async Task Wrong_ways_to_be_ready_are_told(string ready, string member)
    {
        await using var fixture = new StartFixture();

        Assert.Equal(member, Assert.Single(fixture.Definition.Validate(WithReady(fixture, ready))).Member);
    }

    private static JsonElement WithReady(StartFixture fixture, string ready)
    {
        var inputs = JsonNode.Parse(fixture.Inputs.GetRawText())!;
        inputs["ready"] = JsonNode.Parse(ready);
        return JsonElement.Parse(inputs.ToJsonString());
    }

    private static async Task<ProcessIdentity> StartByHandAsync(StartFixture fixture) =>
        await fixture
            .NewScope()
            .Commands.StartServiceAsync(
                new()
                {
                    Program = "sh",
                    Arguments = [$"{fixture.PlanFolder}/web.sh"],
                    Environment = ImmutableDictionary<string, string>
                        .Empty.Add("EFFECTS", fixture.Effects)
                        .Add("READY", fixture.Folder["ready"]),
                },
                fixture.Folder["by-hand.log"],
                Ct
            );

    private static async Task StartAsync(StartFixture fixture, JsonElement inputs)
    {
        await using var start = fixture.Definition.Create(inputs, fixture.NewScope());
        await DrainAsync(start.ApplyAsync(await start.ObserveAsync(Ct), Ct));
    }

    private static async Task StopAsync(StopFixture fixture, string inputs)
    {
        await using var stop = fixture.Definition.Create(JsonElement.Parse(inputs), fixture.NewScope());
        await DrainAsync(stop.ApplyAsync(await stop.ObserveAsync(Ct), Ct));
    }

    private static async Task DrainAsync(IAsyncEnumerable<Progress> work)
    {
        await foreach (var _ in work) { }
    }

    private static async Task ServeAsync(TcpListener listener, params string[] statuses)
    {
        foreach (var status in statuses)
        {
            using var client = await listener.AcceptTcpClientAsync(Ct);
            await using var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096], Ct);
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                Ct
            );
        }
    }
}
