using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.OpenTofu;

/// <summary>What a plan may do, judged on plans that the real tool makes.</summary>
public sealed class GateTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_kind_of_change_is_shown_with_its_address_and_what_changes()
    {
        await using var fixture = await StartAsync(
            """
            moved {
              from = terraform_data.base
              to   = terraform_data.root
            }
            resource "terraform_data" "root" {
              input = "other"
            }
            """,
            """{ "directory": "new" }"""
        );

        var line = Assert.Single((await PlanAsync(fixture)).Lines);

        Assert.Equal(("terraform_data.root", "there"), (line.What, line.From));
        Assert.StartsWith("updated in place: input base -> other", line.To, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "terraform_data.base would be lost (delete, delete_because_no_resource_config)")]
    [InlineData(
        """resource "terraform_data" "base" { triggers_replace = [1] }""",
        "terraform_data.base would be lost (replace, replace_because_cannot_update)"
    )]
    [InlineData(
        """
            resource "terraform_data" "base" {
              triggers_replace = [1]
              lifecycle { create_before_destroy = true }
            }
            """,
        "terraform_data.base would be lost (replace, replace_because_cannot_update)"
    )]
    [InlineData(
        """
            removed {
              from = terraform_data.base
              lifecycle { destroy = false }
            }
            """,
        "terraform_data.base would be lost (forget"
    )]
    public async Task What_would_be_lost_and_was_not_named_is_refused(string configuration, string why)
    {
        await using var fixture = await StartAsync(configuration, """{ "directory": "new" }""");

        Assert.Contains(why, await RefusalAsync(fixture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loss_that_was_named_is_shown_with_its_reason_and_cannot_be_taken_back()
    {
        await using var fixture = await StartAsync(
            "",
            """
            { "directory": "new", "back": { "directory": "old" },
              "allow": [{ "address": "terraform_data.base", "action": "delete", "reason": "the cache has moved" }] }
            """
        );

        var difference = await PlanAsync(fixture);

        Assert.Equal(Reversal.Never, difference.Reversal);
        Assert.StartsWith("DESTROYED: id ", Assert.Single(difference.Lines).To, StringComparison.Ordinal);
        Assert.EndsWith("(allowed: the cache has moved)", difference.Lines[0].To, StringComparison.Ordinal);
        Assert.Contains(
            fixture.Definition.TouchesOf(fixture.Inputs),
            touch => touch is { Resource: "opentofu:new/terraform_data.base", Kind: TouchKind.Destroy }
        );
    }

    [Fact]
    public async Task What_is_protected_cannot_be_allowed()
    {
        await using var fixture = await StartAsync(
            "",
            """
            { "directory": "new", "protect": ["terraform_data.*"],
              "allow": [{ "address": "terraform_data.base", "action": "delete", "reason": "because" }] }
            """
        );

        Assert.Contains(
            "terraform_data.base is protected: nothing may allow its loss",
            fixture.Definition.Validate(fixture.Inputs).Select(problem => problem.Message)
        );
        Assert.Contains("is protected", await RefusalAsync(fixture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_on_an_empty_state_is_refused_unless_it_is_the_first()
    {
        await using var fixture = await StartAsync(Base, """{ "directory": "new" }""");
        File.Delete(fixture.Folder["plan/new/terraform.tfstate"]);
        await using var first = await StartAsync(Base, """{ "directory": "new", "new": true }""");
        File.Delete(first.Folder["plan/new/terraform.tfstate"]);

        Assert.Contains("the state holds nothing", await RefusalAsync(fixture), StringComparison.Ordinal);
        Assert.False((await PlanAsync(first)).IsEmpty);
    }

    [Fact]
    public async Task A_resource_that_the_state_should_hold_is_not_created()
    {
        await using var fixture = await StartAsync(
            Base + """resource "terraform_data" "database" {}""",
            """{ "directory": "new", "holds": ["terraform_data.database"] }"""
        );

        Assert.Contains(
            "terraform_data.database would be created, and the state should hold it already",
            await RefusalAsync(fixture),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_plan_that_grew_after_it_was_seen_is_not_applied()
    {
        await using var fixture = await StartAsync(
            Base + """resource "terraform_data" "one" {}""",
            """{ "directory": "new" }"""
        );
        await using var seen = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await seen.ObserveAsync(Ct);
        fixture.Folder.Write(
            "plan/new/main.tf",
            Base
                + """
                resource "terraform_data" "one" {}
                resource "terraform_data" "two" {}
                """
        );
        await using var later = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());

        var refused = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in later.ApplyAsync(before, Ct)) { }
        });

        Assert.Contains(
            "terraform_data.two: the tool now plans another change",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "terraform_data.two",
            await File.ReadAllTextAsync(fixture.Folder["plan/new/terraform.tfstate"], Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_way_back_loses_only_what_the_step_made()
    {
        await using var fixture = await StartAsync(
            Base + """resource "terraform_data" "one" {}""",
            """{ "directory": "new", "back": { "directory": "old" } }"""
        );
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        await foreach (var _ in change.ApplyAsync(before, Ct)) { }
        var after = await change.ObserveAsync(Ct);
        fixture.Folder.Write("plan/old/main.tf", "# the previous release forgot everything\n");

        var refused = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in change.UndoAsync(before, after, Ct)) { }
        });

        Assert.Contains("terraform_data.base would be lost", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("terraform_data.one", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_it_applies_is_not_tried_again_by_itself()
    {
        await using var fixture = await StartAsync(
            Base
                + """
                resource "terraform_data" "one" {
                  provisioner "local-exec" {
                    command = "echo connection reset by peer; exit 1"
                  }
                }
                """,
            """{ "directory": "new" }"""
        );
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in change.ApplyAsync(before, Ct)) { }
        });

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("connection reset", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_configuration_is_told_with_its_place()
    {
        await using var fixture = await StartAsync("resource terraform_data {", """{ "directory": "new" }""");

        Assert.Contains("main.tf line 1", await RefusalAsync(fixture), StringComparison.Ordinal);
    }

    private const string Base = """
        resource "terraform_data" "base" {
          input = "base"
        }

        """;

    private static async Task<ChangeFixture> StartAsync(string configuration, string inputs)
    {
        var fixture = await TofuFixture.StartAsync("opentofu.apply", inputs, Ct);
        fixture.Folder.Write("plan/new/main.tf", configuration);
        return fixture;
    }

    private static async Task<Difference> PlanAsync(ChangeFixture fixture)
    {
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        return change.Plan(await change.ObserveAsync(Ct));
    }

    private static async Task<string> RefusalAsync(ChangeFixture fixture)
    {
        var refused = await Assert.ThrowsAsync<OperationException>(() => PlanAsync(fixture));
        Assert.Equal(FailureKind.Refused, refused.Kind);
        return refused.Message;
    }
}
