using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;

namespace Belay.Engine.Running;

/// <summary>The world of one step.</summary>
internal sealed class StepScope(RunContext run, string step, JsonElement? checkpoint) : IScope, IChildObserver
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

    public async ValueTask StartedAsync(ProcessIdentity child, string command) =>
        await run.Recorder.RecordAsync(
            new ChildStarted
            {
                Step = step,
                Child = child,
                Command = command,
            }
        );

    public ValueTask EndedAsync(ProcessIdentity child, int exitCode)
    {
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
