using System.Diagnostics;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Files;

/// <summary>What a confined child told: how the apply ended, what stood in the folder then, how the undo ended.</summary>
internal sealed record Confined(string Apply, string Files, string Undo);

/// <summary>Applies a change and takes it back in a process with mounts and rights of its own, which needs no root.</summary>
internal static class ConfinedChild
{
    private const string Operation = "BELAY_CONFINED_OPERATION";
    private const string Inputs = "BELAY_CONFINED_INPUTS";
    private const string Folder = "BELAY_CONFINED_FOLDER";

    /// <summary>When the process was started as the child, does its work and exits.</summary>
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Operation) is not { } operation)
            return;
        WorkAsync(operation).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    /// <summary>Runs it in a folder, after a line of shell that prepares <c>live</c> inside it and ends with <c>exec ... "$@"</c>.</summary>
    public static async Task<Confined> RunAsync(
        string prepare,
        string operation,
        string inputs,
        string folder,
        CancellationToken ct
    )
    {
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(
            "unshare",
            [
                "--map-root-user",
                "--mount",
                "sh",
                "-ec",
                prepare,
                "sh",
                host,
                .. Path.GetFileNameWithoutExtension(host) == "dotnet"
                    ? [Environment.GetCommandLineArgs()[0]]
                    : (string[])[],
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment[Operation] = operation;
        start.Environment[Inputs] = inputs;
        start.Environment[Folder] = folder;
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(ct);
        var lines = (await process.StandardOutput.ReadToEndAsync(ct)).Split('\n');
        await process.WaitForExitAsync(ct);
        if ((await errors).Contains("unshare failed", StringComparison.Ordinal))
            Assert.Skip("full disk, read-only disk and lost rights were not tried: no mount namespace here");
        Assert.True(lines.Length > 3, $"the child told nothing: {await errors}");
        return new Confined(lines[0], lines[1], lines[2]);
    }

    private static async Task WorkAsync(string operation)
    {
        var folder = Environment.GetEnvironmentVariable(Folder)!;
        var scope = new TestScope(folder, folder, TestProgram.Instance.Processes);
        await using var change = ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            JsonElement.Parse(Environment.GetEnvironmentVariable(Inputs)!),
            scope
        );
        var before = await change.ObserveAsync(CancellationToken.None);
        Console.WriteLine(await EndAsync(change.ApplyAsync(before, CancellationToken.None)));
        Console.WriteLine(
            string.Join(
                ", ",
                Directory
                    .GetFiles(Path.Combine(folder, "live"))
                    .Order(StringComparer.Ordinal)
                    .Select(file => $"{Path.GetFileName(file)} = {File.ReadAllText(file).Trim()}")
            )
        );
        Console.WriteLine(await EndAsync(change.UndoAsync(before, null, CancellationToken.None)));
    }

    private static async Task<string> EndAsync(IAsyncEnumerable<Progress> work)
    {
        try
        {
            await foreach (var _ in work) { }
            return "done";
        }
        catch (OperationException e)
        {
            return $"{e.Kind}: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"untyped {e.GetType().Name}: {e.Message}";
        }
    }
}
