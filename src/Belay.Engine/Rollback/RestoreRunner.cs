using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Readings;
using Belay.Engine.Ports;
using Belay.Engine.Running;

namespace Belay.Engine.Rollback;

/// <summary>Takes a change back by restoring a backup, compared afterwards.</summary>
internal sealed class RestoreRunner(RunContext run, UndoRunner undo)
{
    private static readonly TimeSpan CountLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromHours(12);

    /// <summary>Counts what restoring would lose now.</summary>
    /// <exception cref="OperationException">There is no such backup, or the store cannot be read.</exception>
    public Task<Loss> CountAsync(string backupStep, Course course) =>
        WithAsync(
            backupStep,
            (backup, after) =>
                new Attempts(run, course, CountLimit).UntilAnsweredAsync(ct => backup.CountLossAsync(after, ct))
        );

    /// <summary>Stops because a restore would lose more than anybody accepted, and says how to accept it.</summary>
    public static bool Ask(string step, string backupStep, Loss loss, long? accepted, Course course)
    {
        var before = accepted is { } most ? $", more than the {most} that were accepted" : "";
        var amount = loss.Count is { } count ? $"={count}" : "";
        return course.Fail(
            HaltCause.Boundary,
            $"'{step}' is taken back by restoring '{backupStep}', which loses {loss.Words}{before}: belay rollback --accept-loss {step}{amount}, or a greater number where writing goes on",
            step
        );
    }

    private long? AcceptedFor(string step) =>
        run.Recorder.Read(reading =>
            reading.Rollback?.LossAtMost is { } most && most.TryGetValue(step, out var bound) ? bound : (long?)null
        );

    /// <returns>True when the store holds what the backup holds; false when the course stopped.</returns>
    public async Task<bool> RestoreAsync(string step, string backupStep, Course course)
    {
        try
        {
            var loss = await CountAsync(backupStep, course);
            // Users went on writing while the rollback went on: what was accepted was accepted as a number.
            if (AcceptedFor(step) is { } most && loss.Count > most)
                return Ask(step, backupStep, loss, most, course);
            if (!await StrangerGate.CompareAsync(run, course, step, ConnectionsOf(backupStep)))
                return false;
            await run.Recorder.RecordAsync(
                new RestoreIntent
                {
                    Step = step,
                    Backup = backupStep,
                    Loss = loss,
                }
            );
            if (!run.Lease.StillHeld)
                return course.Fail(
                    HaltCause.LeaseLost,
                    "the environment's lease was lost: another Belay may be at work on it",
                    step
                );
            if (
                await WithAsync(backupStep, (backup, after) => RestoreAndVerifyAsync(step, backup, after, course)) is
                { } why
            )
                return await FailAsync(step, why, course);
            await run.Recorder.RecordAsync(new StoreRestored { Step = step, Backup = backupStep });
            return true;
        }
        catch (Exception e) when (e is not JournalException)
        {
            return await FailAsync(step, Failures.Typed(e).Message, course);
        }
    }

    /// <returns>Why it is not restored; null when it is.</returns>
    private async Task<string?> RestoreAndVerifyAsync(string step, BoundBackup backup, JsonElement after, Course course)
    {
        var attempts = new Attempts(run, course, RestoreLimit);
        while (
            await Effect.RunAsync(run, course, step, attempts.Left, ct => backup.RestoreAsync(after, ct)) is { } failure
        )
        {
            run.Recorder.Note(new AttemptFailed { Step = step, Why = failure.Message });
            if (
                failure.Kind == FailureKind.Refused
                || course.Failure is not null
                || !await attempts.PauseAsync(CancellationToken.None)
            )
                return failure.Message;
        }
        return await attempts.UntilAnsweredAsync(ct => backup.VerifyRestoredAsync(after, ct)) switch
        {
            Verdict.NotYet no => no.Why,
            Verdict.Broken no => no.Why,
            _ => null,
        };
    }

    private ImmutableArray<string> ConnectionsOf(string backupStep) =>
        run.Recorder.Find(backupStep)?.Intent is { } intent
            ? run.Catalog.Find(intent.Operation)?.ConnectionsOf(intent.Inputs) ?? []
            : [];

    private async Task<T> WithAsync<T>(string backupStep, Func<BoundBackup, JsonElement, Task<T>> work)
    {
        if (run.Recorder.Find(backupStep) is not { State: StepState.Done, Intent: { } intent, After: { } after })
            throw OperationException.Refused($"step '{backupStep}' made no backup in this run");
        await using var change = undo.Create(intent);
        var backup = change.Backup ?? throw OperationException.Refused($"'{intent.Operation}' is no backup");
        return await work(backup, run.Sealing.Unseal(after));
    }

    private async Task<bool> FailAsync(string step, string why, Course course)
    {
        await run.Recorder.RecordAsync(new UndoFailed { Step = step, Why = why });
        return course.Fail(HaltCause.UndoFailed, why, step);
    }
}
