using System.Diagnostics;
using System.Globalization;
using System.Text;
using Belay.Domain.Contract;
using Child = System.Diagnostics.Process;

namespace Belay.Connectors.Commands;

/// <summary>Runs the commands of one step.</summary>
internal sealed class ProcessRunner(
    string mark,
    string folder,
    IChildObserver observer,
    ProcessEnding ending,
    TimeProvider clock
) : ICommandRunner
{
    /// <summary>
    /// The child waits for a line before it becomes the program: nothing happens before its start was journaled, and
    /// nothing happens at all when Belay dies before it says so. Each program replaces the one before it (setsid(1)
    /// too, because a child of .NET leads no process group), so that the process id is the program's own.
    /// </summary>
    private const string WhenToldTo = "IFS= read -r go && exec \"$@\"";

    /// <summary>The outputs are redirected before the program begins; on failure the shell says why on the old standard error.</summary>
    private const string Detached = "exec >>\"$0\" 2>&1 </dev/null \"$@\"";

    /// <summary>How long output is still read after the child's end while a process that it left behind keeps the pipe open.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(Command command, Action<OutputLine>? output, CancellationToken ct)
    {
        var redaction = new Redaction(command.Redact);
        var begun = clock.GetTimestamp();
        using var process = Start(command, ["/bin/sh", "-c", WhenToldTo, "sh"], mark);
        using var drain = new CancellationTokenSource();
        var standard = new OutputReader(isError: false, redaction, output);
        var error = new OutputReader(isError: true, redaction, output);
        var streams = Task.WhenAll(
            standard.ReadAsync(process.StandardOutput.BaseStream, drain.Token),
            error.ReadAsync(process.StandardError.BaseStream, drain.Token)
        );

        var identity = await AnnounceAsync(process, redaction.Apply(command.ToString()));
        var input = WriteInputAsync(process, command.Input, drain.Token);
        var inTime = await WaitAsync(process, command.Limit, ct);
        if (!inTime)
            await ending.EndGroupAsync(process.Id, command.Grace, CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        drain.CancelAfter(DrainLimit);
        await Task.WhenAll(streams, input);
        await observer.EndedAsync(identity, process.ExitCode);

        return inTime
            ? new CommandResult
            {
                ExitCode = process.ExitCode,
                Output = standard.Captured,
                Error = error.Captured,
                Elapsed = clock.GetElapsedTime(begun),
            }
            : throw OperationException.OutcomeUnknown(
                ct.IsCancellationRequested
                    ? $"{command.Program} was ended because the step was asked to stop"
                    : $"{command.Program} was ended because it ran longer than {command.Limit}"
            );
    }

    /// <inheritdoc/>
    public async Task<ProcessIdentity> StartServiceAsync(Command command, string logFile, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var process = Start(command, ["/bin/sh", "-c", Detached, logFile], childMark: null);
        process.StandardInput.Close();
        // Ends as soon as the outputs go to the log.
        var refusal = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        return refusal.Length == 0 && ProcessTable.Find(process.Id) is { } live
            ? live.Identity
            : throw OperationException.Refused(
                refusal.Length == 0
                    ? $"{command.Program} ended at once: {logFile} says why"
                    : $"{command.Program} cannot be started: {new Redaction(command.Redact).Apply(refusal.Trim())}"
            );
    }

    private Child Start(Command command, string[] wrapper, string? childMark)
    {
        var workingFolder = command.Folder ?? folder;
        if (!Directory.Exists(workingFolder))
            throw OperationException.Refused($"there is no folder {workingFolder} to run {command.Program} in");
        var start = new ProcessStartInfo(
            "setsid",
            [.. wrapper, ProgramFile.Find(command, workingFolder), .. command.Arguments]
        )
        {
            UseShellExecute = false,
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        start.Environment.Remove(ChildProcesses.Mark);
        if (childMark is not null)
        {
            start.Environment[ChildProcesses.Mark] = childMark;
            start.Environment[ChildProcesses.Patience] = command.Patience.TotalSeconds.ToString(
                CultureInfo.InvariantCulture
            );
        }
        return Child.Start(start)!;
    }

    private async Task<ProcessIdentity> AnnounceAsync(Child process, string command)
    {
        // It waits to be told to go, so it is there to be read.
        var identity =
            ProcessTable.Find(process.Id)?.Identity
            ?? throw OperationException.Transient($"process {process.Id} was ended by somebody else before it began");
        try
        {
            await observer.StartedAsync(identity, command);
        }
        catch
        {
            process.StandardInput.Close();
            throw;
        }
        return identity;
    }

    private static async Task WriteInputAsync(Child process, string? input, CancellationToken ct)
    {
        var pipe = process.StandardInput.BaseStream;
        try
        {
            await pipe.WriteAsync(Encoding.UTF8.GetBytes("\n" + input), ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A program need not read what it is given.
        }
        finally
        {
            await pipe.DisposeAsync();
        }
    }

    private async Task<bool> WaitAsync(Child process, TimeSpan limit, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            await process.WaitForExitAsync(stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
