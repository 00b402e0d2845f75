using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Belay.Domain.Operations;
using Xunit;

namespace ConnectorKit;

/// <summary>A change applied in a process of its own, so that it can be ended by SIGKILL at any moment.</summary>
public static class KilledChild
{
    private const string TaskFile = "BELAY_KIT_CHILD";
    private const string Begun = "begun";
    private const string Done = "done";
    private static readonly TimeSpan MomentLimit = TimeSpan.FromSeconds(30);

    /// <summary>To be called from a module initializer of the test project: when the process was started to be killed, does its work and exits.</summary>
    public static void RunIfAsked(Func<KitProgram> program)
    {
        if (Environment.GetEnvironmentVariable(TaskFile) is not { } file)
            return;
        ApplyAsync(program(), file).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    /// <summary>Applies until the moment has come, and kills at once. For tests that want the change half done in one certain way.</summary>
    public static Task KillAtAsync(ChangeFixture fixture, JsonElement before, Task moment, CancellationToken ct) =>
        RunAsync(fixture, before, () => moment.WaitAsync(MomentLimit, TimeProvider.System, ct), ct);

    /// <summary>Asserts that another instance finishes what a killed one left, as after a crash of Belay.</summary>
    public static async Task AssertFinishedAsync(ChangeFixture fixture, JsonElement before, CancellationToken ct)
    {
        await using var next = new Attempt(fixture, ct);
        await ChangeContract.AssertFinishedAsync(fixture, next, before, "killed half-way");
    }

    /// <summary>Applies until <paramref name="killAfter"/>, or to the end when it is null; returns how long the work lasted.</summary>
    internal static Task<TimeSpan> RunAsync(
        ChangeFixture fixture,
        JsonElement before,
        TimeSpan? killAfter,
        CancellationToken ct
    ) =>
        RunAsync(fixture, before, killAfter is { } delay ? () => Task.Delay(delay, TimeProvider.System, ct) : null, ct);

    private static async Task<TimeSpan> RunAsync(
        ChangeFixture fixture,
        JsonElement before,
        Func<Task>? moment,
        CancellationToken ct
    )
    {
        var task = new ChildTask
        {
            Run = fixture.RunId,
            Operation = fixture.Definition.Name,
            Inputs = fixture.Inputs,
            Before = before,
            PlanFolder = fixture.PlanFolder,
            WorkingFolder = fixture.Folder.Folder("run"),
            Connections = fixture.Connections.ToImmutableSortedDictionary(
                c => c.Key,
                c => ChildConnection.Of(c.Value, fixture.Program.Catalog)
            ),
        };
        var file = fixture.Folder.Write(
            "child.json",
            JsonSerializer.Serialize(task, ChildTaskContext.Default.ChildTask)
        );
        using var process = Start(file);
        var clock = TimeProvider.System;
        Assert.Equal(Begun, await process.StandardOutput.ReadLineAsync(ct));
        var begun = clock.GetTimestamp();
        if (moment is not null)
        {
            await moment();
            process.Kill();
        }
        else
        {
            Assert.Equal(Done, await process.StandardOutput.ReadLineAsync(ct));
        }
        var lasted = clock.GetElapsedTime(begun);
        await process.WaitForExitAsync(ct);
        return lasted;
    }

    private static Process Start(string taskFile)
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(
            host,
            Path.GetFileNameWithoutExtension(host) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : []
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[TaskFile] = taskFile;
        return Process.Start(start)!;
    }

    private static async Task ApplyAsync(KitProgram program, string file)
    {
        var task = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file), ChildTaskContext.Default.ChildTask)!;
        var connections = task.Connections.ToDictionary(
            c => c.Key,
            c => c.Value.Read(program.Catalog),
            StringComparer.Ordinal
        );
        var scope = new TestScope(task.PlanFolder, task.WorkingFolder, program.Processes, connections)
        {
            RunId = task.Run,
        };
        await using var change = ((ChangeDefinition)program.Catalog.Find(task.Operation)!).Create(task.Inputs, scope);
        await Console.Out.WriteLineAsync(Begun);
        await foreach (var _ in change.ApplyAsync(task.Before, CancellationToken.None)) { }
        await Console.Out.WriteLineAsync(Done);
    }
}
