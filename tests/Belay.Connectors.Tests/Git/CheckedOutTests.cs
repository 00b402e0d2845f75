using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Git;

public sealed class CheckedOutContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct) => await Checkout.StartAsync(ct);
}

public sealed class CheckedOutTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tag_that_was_moved_at_the_remote_is_told()
    {
        await using var checkout = await Checkout.StartAsync(Ct);
        await checkout.GitAsync("origin", Ct, "commit", "--quiet", "--allow-empty", "--message", "later");
        await checkout.GitAsync("origin", Ct, "tag", "--force", "--annotate", "v4.2.0", "--message", "moved");

        Assert.Contains("it was moved", await WhyAsync(checkout), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_commit_than_the_tag_is_told_with_the_command_that_mends_it()
    {
        await using var checkout = await Checkout.StartAsync(Ct);
        await checkout.GitAsync("plan/checkout", Ct, "commit", "--quiet", "--allow-empty", "--message", "mine");

        Assert.Contains("git checkout v4.2.0", await WhyAsync(checkout), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_git_does_not_know_is_told()
    {
        await using var checkout = await Checkout.StartAsync(Ct);
        checkout.Folder.Write("plan/checkout/left-behind", "");

        Assert.Contains("left-behind", await WhyAsync(checkout), StringComparison.Ordinal);
    }

    private static async Task<string> WhyAsync(Checkout checkout)
    {
        await using var check = checkout.Definition.Create(checkout.Inputs, checkout.NewScope());
        return Assert.IsType<Verdict.Broken>(check.Judge(await check.ObserveAsync(Ct))).Why;
    }
}

/// <summary>A clone of a repository at its tag.</summary>
internal sealed class Checkout : CheckFixture
{
    public override KitProgram Program => TestProgram.Instance;

    public override CheckDefinition Definition =>
        (CheckDefinition)TestProgram.Instance.Catalog.Find("git.checked-out")!;

    public override JsonElement Inputs { get; } = Json("""{ "directory": "checkout", "tag": "v4.2.0" }""");

    public static async Task<Checkout> StartAsync(CancellationToken ct)
    {
        var checkout = new Checkout();
        checkout.Folder.Write("origin/file", "content");
        await checkout.GitAsync("origin", ct, "init", "--quiet");
        await checkout.GitAsync("origin", ct, "add", ".");
        await checkout.GitAsync("origin", ct, "commit", "--quiet", "--message", "first");
        await checkout.GitAsync("origin", ct, "tag", "--annotate", "v4.2.0", "--message", "release");
        await checkout.GitAsync("plan", ct, "clone", "--quiet", checkout.Folder["origin"], "checkout");
        return checkout;
    }

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(Files.FileSnapshot.Of(PlanFolder));

    public override ValueTask BreakAsync(CancellationToken ct)
    {
        Folder.Write("plan/checkout/file", "changed");
        return ValueTask.CompletedTask;
    }

    public override ValueTask TakeAwayAsync(CancellationToken ct)
    {
        Directory.Delete(Folder["origin"], recursive: true);
        return ValueTask.CompletedTask;
    }

    public async Task GitAsync(string folder, CancellationToken ct, params string[] words)
    {
        var place = Directory.Exists(Folder[folder]) ? Folder[folder] : Folder.Folder(folder);
        var scope = new TestScope(place, place, Program.Processes);
        var ended = await scope.Commands.RunAsync(
            new Command
            {
                Program = "git",
                Arguments = ["-c", "user.name=test", "-c", "user.email=test@example.org", .. words],
            },
            null,
            ct
        );
        Assert.True(ended.ExitCode == 0, ended.Error);
    }
}
