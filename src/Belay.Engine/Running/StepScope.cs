using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;

namespace Belay.Engine.Running;

/// <summary>The world of one step.</summary>
/// <param name="run">The run.</param>
/// <param name="step">The step.</param>
/// <param name="checkpoint">From where its work can go on; null: from the beginning.</param>
/// <param name="journalsChildren">False for a look ahead: a step that has not begun must not stand in the journal. Its children carry the step's mark all the same.</param>
internal sealed class StepScope(RunContext run, string step, JsonElement? checkpoint, bool journalsChildren = true)
    : IScope,
        IChildObserver
{
    public string RunId => run.Run;

    public string StepId => step;

    // From run and step alone, so that it is the same after a crash; the pair cannot be read off it.
    public string Token => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Run}/{step}")))[..32];

    public string Environment => run.Environment.Name;

    public string WorkingFolder => run.Parts.WorkingFolder(run.Run);

    public string PlanFolder => run.PlanFolder;

    public TimeProvider Clock => run.Clock;

    public ICommandRunner Commands => run.Parts.Children.For(run.Run, step, run.PlanFolder, this);

    public JsonElement? Checkpoint => checkpoint;

    public T Connection<T>(string name)
        where T : class => run.Environment.Connection<T>(name);

    public async ValueTask StartedAsync(ProcessIdentity child, string command)
    {
        if (journalsChildren)
            await run.Recorder.RecordAsync(
                new ChildStarted
                {
                    Step = step,
                    Child = child,
                    Command = command,
                }
            );
    }

    public ValueTask EndedAsync(ProcessIdentity child, int exitCode)
    {
        if (journalsChildren)
            run.Recorder.Note(
                new ChildEnded
                {
                    Step = step,
                    Child = child,
                    ExitCode = exitCode,
                }
            );
        return ValueTask.CompletedTask;
    }
}
