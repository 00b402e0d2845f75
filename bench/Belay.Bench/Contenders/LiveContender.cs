using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Belay.Bench.Contenders;

/// <summary>A contender that stays alive between rounds and is asked a line at a time.</summary>
internal sealed class LiveContender : IContender
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;
    private readonly IAsyncDisposable? server;
    private readonly Func<IEnumerable<int>> flushing;

    private LiveContender(string name, Process process, IAsyncDisposable? server, Func<IEnumerable<int>> flushing) =>
        (Name, this.process, this.server, this.flushing) = (name, process, server, flushing);

    public string Name { get; }

    /// <summary>Starts a contender and waits until it can be asked.</summary>
    /// <param name="name">Its name in the tables.</param>
    /// <param name="command">Its command line.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="server">What it needs, ended with it.</param>
    /// <param name="flushing">The processes that make its steps durable, when it cannot name them itself.</param>
    public static async Task<LiveContender> StartAsync(
        string name,
        IReadOnlyList<string> command,
        CancellationToken ct,
        IAsyncDisposable? server = null,
        Func<IEnumerable<int>>? flushing = null
    )
    {
        var started = Process.Start(
            new ProcessStartInfo(command[0], command.Skip(1))
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        var ready = await ReadAsync(name, started, ProtocolJson.Default.Ready, ct);
        return new LiveContender(name, started, server, flushing ?? (() => ready.Pids));
    }

    public async Task<Answer> RunAsync(string shape, int steps, CancellationToken ct)
    {
        await process.StandardInput.WriteLineAsync($"{shape} {steps}".AsMemory(), ct);
        await process.StandardInput.FlushAsync(ct);
        var answer = await ReadAsync(Name, process, ProtocolJson.Default.Answer, ct);
        return answer.Error is null ? answer : throw new ContenderException($"{Name}: {answer.Error}");
    }

    public async Task<long> CountFlushesAsync(string shape, int steps, CancellationToken ct)
    {
        await using var count = await FlushCount.AttachAsync([.. flushing()], ct);
        await RunAsync(shape, steps, ct);
        return await count.EndAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15), TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    private static async Task<T> ReadAsync<T>(string name, Process process, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(either.Token);
            return line is null
                ? throw new ContenderException($"{name} ended without an answer")
                : JsonSerializer.Deserialize(line, type)!;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new ContenderException($"{name} gave no answer within {Patience.TotalMinutes:0} minutes");
        }
    }
}
