using System.Diagnostics;

namespace Belay.Parts;

/// <summary>One process of a server: started with its log in a file, ended by its own process id.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private readonly Process process;
    private readonly ServerCommand command;
    private readonly long logStart;

    private ServerProcess(Process process, ServerCommand command, long logStart) =>
        (this.process, this.command, this.logStart) = (process, command, logStart);

    public int Pid => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="ServerFailedException">It ended, or was not ready within 30 seconds.</exception>
    public static async Task<ServerProcess> StartAsync(
        ServerCommand command,
        Func<int, ValueTask<bool>> ready,
        CancellationToken ct
    )
    {
        // Each program replaces the one before it, so that the process id is the server's own from the start.
        // setpriv asks the kernel to kill the server when we die, so that a killed test leaves nothing behind.
        var start = new ProcessStartInfo(
            "/bin/sh",
            [
                "-c",
                "exec >>\"$0\" 2>&1 </dev/null \"$@\"",
                command.LogFile,
                "setpriv",
                "--pdeathsig=KILL",
                .. command.AsUnprivileged ? Account.Arguments : [],
                command.Program,
                .. command.Arguments,
            ]
        )
        {
            WorkingDirectory = command.Folder,
        };
        await File.AppendAllTextAsync(command.LogFile, "", ct);
        var logLength = new FileInfo(command.LogFile).Length;
        var server = new ServerProcess(await ParentThread.StartAsync(start), command, logLength);
        try
        {
            await server.WaitUntilReadyAsync(ready, ct);
            return server;
        }
        catch
        {
            await server.KillAsync();
            throw;
        }
    }

    /// <summary>Asks it to end, and kills it when it has not within 10 seconds.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
        {
            return;
        }

        Signal.Send(Pid, command.StopSignal);
        using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>Kills it as a crash would, and waits until it and the workers it had are gone.</summary>
    public async Task KillAsync()
    {
        if (process.HasExited)
        {
            return;
        }

        var workers = Workers();
        Signal.Send(Pid, Signal.Kill);
        await process.WaitForExitAsync();
        await Poll.UntilAsync(
            () => ValueTask.FromResult(!workers.Any(LiveProcess.Runs)),
            StopLimit,
            CancellationToken.None
        );
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    private async Task WaitUntilReadyAsync(Func<int, ValueTask<bool>> ready, CancellationToken ct)
    {
        var isReady = await Poll.UntilAsync(async () => process.HasExited || await ready(Pid), ReadyLimit, ct);
        if (process.HasExited)
        {
            throw new ServerFailedException(
                $"{command.Program} ended with {process.ExitCode} before it was ready",
                command.LogFile,
                logStart
            );
        }

        if (!isReady)
        {
            throw new ServerFailedException(
                $"{command.Program} was not ready within {ReadyLimit.TotalSeconds:0} s",
                command.LogFile,
                logStart
            );
        }
    }

    private int[] Workers()
    {
        var children = $"/proc/{Pid}/task/{Pid}/children";
        return File.Exists(children)
            ? [.. File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]
            : [];
    }
}
