using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Belay.Connectors.Commands;
using Belay.Domain.Contract;

namespace Belay.Connectors.OpenTofu;

/// <summary>OpenTofu or Terraform at work on one configuration, for one step. Everything of its own (providers, plans, copies of the state) lies in the run's folder.</summary>
internal sealed class TofuTool
{
    private const int NothingToChange = 0;
    private const int SomethingToChange = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly IScope scope;
    private readonly TofuCommands commands;
    private readonly TofuPlace place;
    private readonly string directory;
    private readonly string data;
    private bool isReady;

    /// <param name="place">Where, and with what.</param>
    /// <param name="scope">The step.</param>
    public TofuTool(TofuPlace place, IScope scope)
    {
        (this.place, this.scope) = (place, scope);
        directory = scope.PathOf(place.Directory);
        if (!Directory.Exists(directory))
            throw OperationException.Refused($"there is no folder {directory}");
        var (root, program) = (scope.PlanFolder, FindProgram(place.Tool, scope.PlanFolder));
        data = Path.Combine(scope.SecretFolder(), "opentofu", ShortHash($"{scope.StepId}\n{directory}"));
        Directory.CreateDirectory(data);
        commands = new TofuCommands(place, program, directory, Path.Combine(data, "data")) { Root = root };
    }

    /// <summary>The tool and its version, such as <c>terraform 1.11.4</c>.</summary>
    public async Task<string> VersionAsync(CancellationToken ct)
    {
        var result = await scope.Commands.RunAsync(commands.Version(), null, ct);
        if (result.ExitCode != 0)
            throw Failed("version", result.ExitCode, result.Error);
        using var answer = JsonDocument.Parse(result.Output);
        var version = answer.RootElement.GetProperty("terraform_version").GetString();
        return $"{Path.GetFileName(commands.Version().Program)} {version}";
    }

    /// <summary>Plans, and reads the plan.</summary>
    /// <param name="state">The state's file, where it is not the configuration's own.</param>
    public async Task<SavedPlan> PlanAsync(string? state, CancellationToken ct)
    {
        await ReadyAsync(ct);
        var plan = Path.Combine(data, "plan");
        var result = await scope.Commands.RunAsync(commands.Plan(plan, state), null, ct);
        if (result.ExitCode is not (NothingToChange or SomethingToChange))
            throw Failed("plan", result.ExitCode, result.Error);
        var shown = await ReadJsonAsync(commands.Show(plan, Path.Combine(data, "plan.json")), "show", ct);
        var changes = PlanReader.Read(shown);
        // What the tool calls a difference and Belay does not see must not pass as nothing.
        if (result.ExitCode == SomethingToChange && changes.IsEmpty)
            throw OperationException.Refused(
                $"{directory}: the tool plans something that Belay cannot name: read {commands.Plan(plan, state)}"
            );
        return new SavedPlan(plan, changes);
    }

    /// <summary>Applies a saved plan, and tells how far it is.</summary>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        SavedPlan plan,
        string? state,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var output = Path.Combine(data, "apply.jsonl");
        File.Delete(output);
        var running = scope.Commands.RunAsync(commands.Apply(plan.File, state, output), null, ct);
        var total = plan.Changes.Count(change =>
            !change.Address.StartsWith(PlanReader.Output, StringComparison.Ordinal)
        );
        while (!running.IsCompleted)
        {
            yield return Progress.Count(ApplyLog.Done(output), total, "resources", "applying");
            await Task.WhenAny(running, Task.Delay(Interval, scope.Clock, CancellationToken.None));
        }
        var result = await running;
        if (result.ExitCode != 0)
            throw Failed("apply", result.ExitCode, ApplyLog.Errors(output, result.Error));
    }

    /// <summary>The state, as the backend has it now.</summary>
    public Task<StateFile> PullAsync(CancellationToken ct) => PullAsync(Path.Combine(data, "state.json"), ct);

    private async Task<StateFile> PullAsync(string file, CancellationToken ct)
    {
        await ReadyAsync(ct);
        var result = await scope.Commands.RunAsync(commands.Pull(file), null, ct);
        return result.ExitCode == 0 ? StateFile.Read(file) : throw Failed("state pull", result.ExitCode, result.Error);
    }

    /// <summary>Makes this the backend's state; refused when another or a newer one is there.</summary>
    public async Task PushAsync(StateFile state, CancellationToken ct)
    {
        await ReadyAsync(ct);
        // A push is refused where another or a newer state is.
        var there = await PullAsync(Path.Combine(data, "there.json"), ct);
        if (there.Lineage is null || there.Lineage == state.Lineage)
            await PushAsync(commands.Push(state.File, isForced: false), ct);
        // A remote backend that was empty gives the state another lineage (internal/states/remote/state.go, PersistState
        // reads the empty one again): the same state, pushed again over itself, keeps its own.
        var now = await PullAsync(Path.Combine(data, "there.json"), ct);
        if (now.Lineage != state.Lineage && now.Contents == state.Contents)
            await PushAsync(commands.Push(state.File, isForced: true), ct);
    }

    private async Task PushAsync(Command push, CancellationToken ct)
    {
        var result = await scope.Commands.RunAsync(push, null, ct);
        if (result.ExitCode != 0)
            throw Failed("state push", result.ExitCode, result.Error);
    }

    /// <summary>The file in which the configuration's backend keeps the state; null: the backend is not a local one.</summary>
    public async Task<string?> LocalStateAsync(CancellationToken ct)
    {
        await ReadyAsync(ct);
        return BackendRecord.LocalState(Path.Combine(data, "data"), directory, place.Workspace);
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        if (isReady)
            return;
        var isLocked = File.Exists(Path.Combine(directory, ".terraform.lock.hcl"));
        var result = await scope.Commands.RunAsync(commands.Init(isLocked), null, ct);
        if (result.ExitCode != 0)
            throw Failed("init", result.ExitCode, result.Error);
        isReady = true;
    }

    private async Task<JsonElement> ReadJsonAsync(Command command, string verb, CancellationToken ct)
    {
        var file = command.Environment[TofuCommands.Output];
        var result = await scope.Commands.RunAsync(command, null, ct);
        if (result.ExitCode != 0)
            throw Failed(verb, result.ExitCode, result.Error);
        try
        {
            return JsonElement.Parse(await File.ReadAllBytesAsync(file, ct));
        }
        finally
        {
            // It has every sensitive value in the clear.
            File.Delete(file);
        }
    }

    private OperationException Failed(string verb, int exitCode, string said)
    {
        var words = ToolWords.Of(said);
        var message =
            $"{directory}: {Path.GetFileName(commands.Version().Program)} {verb} ended with {exitCode}: {words}";
        return ToolWords.IsPassing(said, alters: verb is "apply" or "state push")
            ? OperationException.Transient(message)
            : OperationException.Refused(message);
    }

    private static string FindProgram(string? named, string folder)
    {
        if (named is not null)
            return ProgramFile.Find(new Command { Program = named }, folder);
        try
        {
            return ProgramFile.Find(new Command { Program = "tofu" }, folder);
        }
        catch (OperationException)
        {
            return ProgramFile.Find(new Command { Program = "terraform" }, folder);
        }
    }

    private static string ShortHash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}

/// <summary>A plan in a file, and what it does.</summary>
internal sealed record SavedPlan(string File, ImmutableArray<PlannedChange> Changes);
