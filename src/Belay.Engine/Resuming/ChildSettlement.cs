using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Engine.Running;

namespace Belay.Engine.Resuming;

/// <summary>Children of a run whose engine died are settled before anything is observed: what they do would change under our eyes.</summary>
internal static class ChildSettlement
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static async Task SettleAsync(RunContext run, CancellationToken ct)
    {
        // By their mark, and not by the journal alone: a child may have been started an instant before its event.
        foreach (var marked in await run.Parts.Children.FindAsync(run.Run, ct))
        {
            if (marked.Patience > TimeSpan.Zero)
                await WaitAsync(marked, run, ct);
            await run.Parts.Children.EndAsync(marked.Child, Grace, ct);
            run.Recorder.Note(new ChildEnded { Step = marked.Step, Child = marked.Child });
        }
        foreach (var ended in Unended(run))
            run.Recorder.Note(ended);
    }

    private static async Task WaitAsync(MarkedChild marked, RunContext run, CancellationToken ct)
    {
        await run.Recorder.RecordAsync(
            new Progressed
            {
                Step = marked.Step,
                Progress = Progress.Say(
                    $"process {marked.Child.Pid} goes on by itself since Belay was killed, and is waited for (at most {Duration.Format(marked.Patience)})"
                ),
            }
        );
        await run.Parts.Children.EndsByItselfAsync(marked.Child, marked.Patience, ct);
    }

    private static ChildEnded[] Unended(RunContext run) =>
        run.Recorder.Read(reading =>
            reading
                .Steps.Values.SelectMany(step =>
                    step.Children.Keys.Select(child => new ChildEnded { Step = step.Id, Child = child })
                )
                .ToArray()
        );
}
