using System.Collections.Immutable;
using System.Globalization;
using Belay.Connectors.Commands;
using Belay.Domain.Contract;
using ConnectorKit;

namespace Belay.Connectors.Tests.Commands;

public sealed class ChildProcessesTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ChildProcesses processes = new(TimeProvider.System, () => "here");
    private readonly Recorder recorder = new();
    private readonly string run = $"run-{Guid.NewGuid():N}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ICommandRunner Runner => processes.For(run, "migrate/db", folder.Path, recorder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Both_outputs_and_the_exit_code_come_back()
    {
        var lines = new List<OutputLine>();

        var result = await Runner.RunAsync(Sh("echo out; echo err >&2; printf last; exit 3"), lines.Add, Ct);

        Assert.Equal((3, "out\nlast\n", "err\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Contains(new OutputLine(true, "err"), lines);
    }

    [Fact]
    public async Task Arguments_pass_through_as_they_are()
    {
        string[] words = ["", "two words", "$HOME", "'quoted'", "a\nb", "*", "-n"];

        var result = await Runner.RunAsync(new() { Program = "printf", Arguments = ["[%s]", .. words] }, null, Ct);

        Assert.Equal(string.Concat(words.Select(w => $"[{w}]")) + "\n", result.Output);
    }

    [Fact]
    public async Task It_runs_in_the_folder_with_the_environment_and_reads_the_input()
    {
        var inner = folder.Folder("inner");
        var command = Sh("pwd; echo $PORT; cat") with
        {
            Folder = inner,
            Environment = Variable("PORT", "8080"),
            Input = "given\n",
        };

        Assert.Equal($"{inner}\n8080\ngiven\n", (await Runner.RunAsync(command, null, Ct)).Output);
        Assert.Equal($"{folder.Path}\n", (await Runner.RunAsync(Sh("pwd"), null, Ct)).Output);
    }

    [Fact]
    public async Task A_program_that_reads_nothing_does_not_block_a_long_input()
    {
        var result = await Runner.RunAsync(Sh("exit 4") with { Input = new string('x', 4_000_000) }, null, Ct);

        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task A_run_of_the_same_name_in_another_store_has_no_part_in_its_children()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var begun = new TaskCompletionSource();
        recorder.OnStart = begun.SetResult;
        var sleeping = Runner.RunAsync(Sh("sleep 60"), null, end.Token);
        await begun.Task.WaitAsync(Ct);

        Assert.NotEmpty(await processes.FindAsync(run, Ct));
        Assert.Empty(await new ChildProcesses(TimeProvider.System, () => "elsewhere").FindAsync(run, Ct));

        end.Cancel();
        await Assert.ThrowsAsync<OperationException>(() => sleeping);
    }

    [Fact]
    public async Task Secrets_are_gone_from_outputs_lines_and_journal()
    {
        var lines = new List<OutputLine>();
        var command = Sh("echo \"token is $TOKEN.\"; echo begin >&2; echo \"$KEY\" >&2") with
        {
            Environment = Variable("TOKEN", "s3cr3t").Add("KEY", "line-one\nline-two"),
            Redact = ["s3cr3t", "line-one\nline-two", "begin"],
        };

        var result = await Runner.RunAsync(command, lines.Add, Ct);

        Assert.Equal(("token is (secret).\n", "(secret)\n(secret)\n(secret)\n"), (result.Output, result.Error));
        Assert.DoesNotContain(lines, l => l.Text.Contains("s3cr3t", StringComparison.Ordinal));
        Assert.DoesNotContain("begin", recorder.Command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_an_endless_line_is_not_cut_in_two()
    {
        const string secret = "0123456789abcdef";
        var command = Sh("i=0; while [ $i -lt 20000 ]; do printf '%s-' \"$S\"; i=$((i+1)); done") with
        {
            Environment = Variable("S", secret),
            Redact = [secret],
        };

        var output = (await Runner.RunAsync(command, null, Ct)).Output;

        Assert.DoesNotContain("89abcdef", output, StringComparison.Ordinal);
        Assert.DoesNotContain("01234567", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_output_is_capped_and_its_end_is_kept()
    {
        var result = await Runner.RunAsync(Sh("seq 1 1000000; echo the end"), null, Ct);

        Assert.True(result.Output.Length < (1024 * 1024) + 100);
        Assert.StartsWith("1\n2\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("characters left out", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("1000000\nthe end\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grandchild_that_keeps_the_pipe_open_does_not_hold_the_result_back()
    {
        var result = await Runner.RunAsync(Sh("sleep 60 & echo started"), null, Ct);

        Assert.Equal("started\n", result.Output);
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(30));
        foreach (var left in await processes.FindAsync(run, Ct))
            await processes.EndAsync(left.Child, TimeSpan.FromSeconds(1), Ct);
        Assert.Empty(await processes.FindAsync(run, Ct));
    }

    [Fact]
    public async Task Past_its_limit_the_whole_group_is_ended_and_the_outcome_is_unknown()
    {
        var command = Sh("trap '' TERM; sleep 300 & sleep 300; sleep 300") with
        {
            Limit = TimeSpan.FromMilliseconds(300),
            Grace = TimeSpan.FromMilliseconds(200),
        };

        var failure = await Assert.ThrowsAsync<OperationException>(() => Runner.RunAsync(command, null, Ct));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Empty(await processes.FindAsync(run, Ct));
        Assert.NotNull(recorder.Ended);
    }

    [Fact]
    public async Task Cancelled_the_child_gets_SIGTERM_and_the_outcome_is_unknown()
    {
        using var stop = new CancellationTokenSource();
        var command = Sh(
            $"trap 'echo asked > {folder["asked"]}; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
        );

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            Runner.RunAsync(command, _ => stop.Cancel(), stop.Token)
        );

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.True(File.Exists(folder["asked"]));
    }

    [Theory]
    [InlineData("no-such-program", "install")]
    [InlineData("./no-such-script", "no-such-script")]
    [InlineData("./not-executable", "chmod +x")]
    public async Task A_program_that_is_not_there_is_refused_with_what_to_do(string program, string hint)
    {
        folder.Write("not-executable", "echo");

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            Runner.RunAsync(new() { Program = program }, null, Ct)
        );

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(hint, failure.Message, StringComparison.Ordinal);
        Assert.Null(recorder.Started);
    }

    [Fact]
    public async Task Nothing_happens_before_the_start_was_journaled_and_nothing_at_all_when_it_cannot_be()
    {
        recorder.OnStart = () =>
        {
            Assert.False(File.Exists(folder["effect"]));
            throw new IOException("the journal is full");
        };

        await Assert.ThrowsAsync<IOException>(() => Runner.RunAsync(Sh($"touch {folder["effect"]}"), null, Ct));

        Assert.True(await UntilAsync(() => !ProcessExists(recorder.Started!.Pid)));
        Assert.False(File.Exists(folder["effect"]));
    }

    [Fact]
    public async Task A_child_is_told_of_with_the_identity_of_the_real_program()
    {
        var result = await Runner.RunAsync(Sh("echo $$; cut -d' ' -f22 /proc/$$/stat"), null, Ct);

        var started = recorder.Started!;
        Assert.Equal($"{started.Pid}\n{started.StartTicks}\n", result.Output);
        Assert.Equal((started, 0), (recorder.Ended!.Value.Child, recorder.Ended.Value.ExitCode));
    }

    [Fact]
    public async Task A_child_is_found_from_its_first_moment_on()
    {
        for (var i = 0; i < 100; i++)
        {
            var start = new System.Diagnostics.ProcessStartInfo("/bin/sleep", "60");
            start.Environment[ChildProcesses.Mark] = $"here/{run}/migrate/db";
            using var child = System.Diagnostics.Process.Start(start)!;
            try
            {
                var found = await new ChildProcesses(TimeProvider.System, () => "here").FindAsync(run, Ct);

                Assert.Equal(
                    (child.Id, "sleep"),
                    (Assert.Single(found).Child.Pid, Path.GetFileName(found[0].Command.Split(' ')[0]))
                );
            }
            finally
            {
                child.Kill();
                await child.WaitForExitAsync(Ct);
            }
        }
    }

    [Fact]
    public async Task Children_are_found_by_their_mark_and_ended_by_identity_only()
    {
        var running = Runner.RunAsync(Sh("sleep 300") with { Grace = TimeSpan.FromSeconds(1) }, null, Ct);
        Assert.True(await UntilAsync(() => recorder.Started is not null));

        var child = Assert.Single(await processes.FindAsync(run, Ct));
        Assert.Equal(("migrate/db", recorder.Started), (child.Step, child.Child));
        Assert.Empty(await processes.FindAsync(run[..^1], Ct));

        await processes.EndAsync(child.Child with { StartTicks = child.Child.StartTicks - 1 }, TimeSpan.Zero, Ct);
        Assert.True(ProcessExists(child.Child.Pid));

        await processes.EndAsync(child.Child, TimeSpan.FromSeconds(1), Ct);
        Assert.Equal(128 + 15, (await running).ExitCode);
        await processes.EndAsync(child.Child, TimeSpan.FromSeconds(1), Ct);
    }

    [Fact]
    public async Task A_service_is_detached_unmarked_and_writes_to_its_log()
    {
        var log = folder["service.log"];
        await File.WriteAllTextAsync(log, "earlier\n", Ct);

        var service = await Runner.StartServiceAsync(Sh("echo $$; echo oops >&2; exec sleep 300"), log, Ct);
        try
        {
            Assert.True(await UntilAsync(() => File.ReadAllText(log).EndsWith("oops\n", StringComparison.Ordinal)));
            Assert.Equal($"earlier\n{service.Pid}\noops\n", await File.ReadAllTextAsync(log, Ct));
            Assert.Empty(await processes.FindAsync(run, Ct));
            Assert.Null(recorder.Started);
            var stat = (await File.ReadAllTextAsync($"/proc/{service.Pid}/stat", Ct)).Split(' ');
            Assert.Equal(service.Pid, int.Parse(stat[5], CultureInfo.InvariantCulture));
            Assert.Equal("/dev/null", new FileInfo($"/proc/{service.Pid}/fd/0").LinkTarget);
        }
        finally
        {
            await processes.EndAsync(service, TimeSpan.FromSeconds(1), Ct);
        }
    }

    [Fact]
    public async Task A_service_whose_log_cannot_be_written_is_refused_with_the_reason()
    {
        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            Runner.StartServiceAsync(Sh("sleep 300"), folder["no-such-folder/log"], Ct)
        );

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("no-such-folder", failure.Message, StringComparison.Ordinal);
    }

    private static Command Sh(string script) => new() { Program = "sh", Arguments = ["-c", script] };

    private static ImmutableDictionary<string, string> Variable(string name, string value) =>
        ImmutableDictionary<string, string>.Empty.Add(name, value);

    private static bool ProcessExists(int pid) => Directory.Exists($"/proc/{pid}");

    private static async Task<bool> UntilAsync(Func<bool> condition)
    {
        for (var time = 0; time < 500; time++)
        {
            if (condition())
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
        return false;
    }

    private sealed class Recorder : IChildObserver
    {
        public ProcessIdentity? Started { get; private set; }

        public string Command { get; private set; } = "";

        public (ProcessIdentity Child, int ExitCode)? Ended { get; private set; }

        public Action OnStart { get; set; } = () => { };

        public ValueTask StartedAsync(ProcessIdentity child, string command)
        {
            (Started, Command) = (child, command);
            OnStart();
            return ValueTask.CompletedTask;
        }

        public ValueTask EndedAsync(ProcessIdentity child, int exitCode)
        {
            Ended = (child, exitCode);
            return ValueTask.CompletedTask;
        }
    }
}
