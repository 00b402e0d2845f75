using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Environments;

namespace Belay.Cli.Work;

/// <summary>A run that does not take place: only for operations to look at their targets.</summary>
internal sealed class PreviewRun(
    string planFolder,
    ILiveEnvironment environment,
    IChildProcesses children,
    TimeProvider clock
) : IDisposable
{
    /// <summary>What stands for the run's name.</summary>
    public const string Id = "preview";

    private readonly Lazy<DirectoryInfo> folder = new(() => Directory.CreateTempSubdirectory("belay-plan-"));

    public IScope ScopeOf(string step) => new Scope(this, step);

    public void Dispose()
    {
        if (folder.IsValueCreated)
            folder.Value.Delete(recursive: true);
    }

    private sealed class Scope(PreviewRun run, string step) : IScope, IChildObserver
    {
        public string RunId => Id;

        public string StepId => step;

        public string Token => Id;

        public string Environment => run.Environment.Name;

        public string WorkingFolder => run.folder.Value.FullName;

        public string PlanFolder => run.PlanFolder;

        public TimeProvider Clock => run.Clock;

        public ICommandRunner Commands => run.Children.For(Id, step, run.PlanFolder, this);

        public JsonElement? Checkpoint => null;

        public T Connection<T>(string name)
            where T : class => run.Environment.Connection<T>(name);

        public ValueTask StartedAsync(ProcessIdentity child, string command) => ValueTask.CompletedTask;

        public ValueTask EndedAsync(ProcessIdentity child, int exitCode) => ValueTask.CompletedTask;
    }

    private string PlanFolder => planFolder;

    private ILiveEnvironment Environment => environment;

    private IChildProcesses Children => children;

    private TimeProvider Clock => clock;
}
