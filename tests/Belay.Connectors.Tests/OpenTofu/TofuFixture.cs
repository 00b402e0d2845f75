using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.OpenTofu;

/// <summary>A previous release's folder and a new one's, and the state that the previous one left. The infrastructure are resources of the tool itself, which write into a log when they are made and ended.</summary>
internal sealed class TofuFixture : ChangeFixture
{
    /// <summary>A value that the configuration holds as a sensitive one.</summary>
    public const string Password = "hunter2-of-tofu";

    private const string Previous = """
        resource "terraform_data" "base" {
          input = "base"
        }
        """;

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? state;

    private readonly string operation;

    public TofuFixture(string operation, string inputs)
    {
        (this.operation, Inputs) = (operation, Json(inputs));
        Folder.Write("plan/old/main.tf", Previous);
        Folder.Write("plan/new/main.tf", Previous + New(Folder["log"]));
    }

    /// <summary>The program that the machine has.</summary>
    public static string? Tool { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .SelectMany(folder => (string[])[Path.Combine(folder, "tofu"), Path.Combine(folder, "terraform")])
            .FirstOrDefault(File.Exists);

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!;

    public override JsonElement Inputs { get; }

    public override ImmutableArray<string> Secrets => [Password];

    /// <summary>The new release's folder reads the state that the previous one left.</summary>
    public static async Task<ChangeFixture> StartAsync(
        string operation,
        string inputs,
        CancellationToken ct,
        string at = "new"
    )
    {
        Assert.SkipUnless(Tool is not null, "there is neither tofu nor terraform on this machine");
        var fixture = new TofuFixture(operation, inputs);
        fixture.Folder.Write($"plan/{at}/terraform.tfstate", await StateAsync(fixture, ct));
        return fixture;
    }

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(
            Directory
                .EnumerateFiles(PlanFolder, "*", SearchOption.AllDirectories)
                .ToImmutableSortedDictionary(
                    file => $"file:{Path.GetRelativePath(PlanFolder, file)}",
                    File.ReadAllText,
                    StringComparer.Ordinal
                )
        );

    public override ValueTask<int?> CountEffectsAsync(CancellationToken ct) =>
        ValueTask.FromResult<int?>(
            operation == "opentofu.apply" && File.Exists(Folder["log"])
                ? File.ReadAllLines(Folder["log"]).Count(line => line == "made")
                : null
        );

    /// <summary>Runs the tool by hand, as an operator would.</summary>
    public static async Task RunAsync(string folder, CancellationToken ct, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(
            new ProcessStartInfo(Tool!, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var said = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(ct),
            process.StandardError.ReadToEndAsync(ct)
        );
        await process.WaitForExitAsync(ct);
        Assert.True(process.ExitCode == 0, string.Concat(said));
    }

    // Made once by the previous release itself, and copied for each test.
    private static async Task<string> StateAsync(TofuFixture fixture, CancellationToken ct)
    {
        await Gate.WaitAsync(ct);
        try
        {
            if (state is null)
            {
                var folder = fixture.Folder["plan/old"];
                await RunAsync(folder, ct, "init", "-input=false", "-no-color");
                await RunAsync(folder, ct, "apply", "-auto-approve", "-input=false", "-no-color");
                state = await File.ReadAllTextAsync(Path.Combine(folder, "terraform.tfstate"), ct);
                File.Delete(Path.Combine(folder, "terraform.tfstate"));
            }
            return state;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static string New(string log) =>
        $$"""

            variable "password" {
              type      = string
              sensitive = true
              default   = "{{Password}}"
            }

            resource "terraform_data" "cache" {
              input = "valkey"
              provisioner "local-exec" {
                command = "echo made >>{{log}}"
              }
              provisioner "local-exec" {
                when    = destroy
                command = "true"
              }
            }

            resource "terraform_data" "user" {
              input = var.password
            }

            output "cache" {
              value = "valkey:6379"
            }

            output "password" {
              value     = var.password
              sensitive = true
            }
            """;
}
