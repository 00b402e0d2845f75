using Belay.Connectors.Tests.S3;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.OpenTofu;

/// <summary>A state that moves into a bucket and back, against moto or the service that BELAY_TEST_S3 names.</summary>
public sealed class S3BackendTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_state_moves_from_a_file_to_a_bucket_and_the_next_plan_is_empty()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await using var fixture = await StartAsync(buckets);

        await ApplyAsync(fixture, "opentofu.copy-state", """{ "directory": "old", "to": "new", ENV }""", buckets);

        var unchanged = (CheckDefinition)TestProgram.Instance.Catalog.Find("opentofu.unchanged")!;
        await using var check = unchanged.Create(With("""{ "directory": "new", ENV }""", buckets), fixture.NewScope());
        Assert.IsType<Verdict.Holds>(check.Judge(await check.ObserveAsync(Ct)));
        Assert.False(File.Exists(fixture.Folder["plan/new/terraform.tfstate"]));
        Assert.Contains((await Buckets.SnapshotAsync("b", buckets.From, Ct)).Keys, key => key == "s3:b/belay.tfstate");
    }

    [Fact]
    public async Task It_moves_back_with_all_that_was_made_since()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await using var fixture = await StartAsync(buckets);
        await ApplyAsync(fixture, "opentofu.copy-state", """{ "directory": "old", "to": "new", ENV }""", buckets);
        fixture.Folder.Write("plan/new/more.tf", """resource "terraform_data" "since" {}""");
        await ApplyAsync(fixture, "opentofu.apply", """{ "directory": "new", ENV }""", buckets);

        await ApplyAsync(fixture, "opentofu.copy-state", """{ "directory": "new", "to": "old", ENV }""", buckets);

        Assert.Contains(
            "\"since\"",
            await File.ReadAllTextAsync(fixture.Folder["plan/old/terraform.tfstate"], Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_state_that_is_locked_by_somebody_else_is_waited_for_and_then_told()
    {
        await using var buckets = await Buckets.StartAsync(Ct);
        await using var fixture = await StartAsync(buckets);
        await ApplyAsync(fixture, "opentofu.copy-state", """{ "directory": "old", "to": "new", ENV }""", buckets);
        await Buckets.WriteAsync(
            buckets.From,
            "belay.tfstate.tflock",
            """{"ID":"6d7c9b3e-2d0f-4f0e-9c4e-0f2d6a1b2c3d","Operation":"OperationTypeApply","Who":"ben@laptop","Created":"2026-01-01T00:00:00Z"}""",
            Ct
        );

        var failure = await Assert.ThrowsAsync<OperationException>(() =>
            ApplyAsync(fixture, "opentofu.apply", """{ "directory": "new", "lock-limit": "1s", ENV }""", buckets)
        );

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("state lock", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<ChangeFixture> StartAsync(Buckets buckets)
    {
        var fixture = await TofuFixture.StartAsync("opentofu.copy-state", "{}", Ct, at: "old");
        var old = await File.ReadAllTextAsync(fixture.Folder["plan/old/main.tf"], Ct);
        fixture.Folder.Write(
            "plan/new/main.tf",
            $$"""
            terraform {
              backend "s3" {
                bucket                      = "{{buckets.From.Bucket}}"
                key                         = "belay.tfstate"
                region                      = "us-east-1"
                endpoints                   = { s3 = "{{buckets.From.Endpoint}}" }
                use_path_style              = true
                use_lockfile                = true
                skip_credentials_validation = true
                skip_requesting_account_id  = true
                skip_metadata_api_check     = true
                skip_s3_checksum            = true
              }
            }

            """ + old
        );
        return fixture;
    }

    private static async Task ApplyAsync(ChangeFixture fixture, string operation, string inputs, Buckets buckets)
    {
        var definition = (ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!;
        await using var change = definition.Create(With(inputs, buckets), fixture.NewScope());
        var before = await change.ObserveAsync(Ct);
        Assert.False(change.Plan(before).IsEmpty);
        await foreach (var _ in change.ApplyAsync(before, Ct)) { }
        Assert.True(change.Plan(await change.ObserveAsync(Ct)).IsEmpty);
    }

    private static System.Text.Json.JsonElement With(string inputs, Buckets buckets) =>
        System.Text.Json.JsonElement.Parse(
            inputs.Replace(
                "ENV",
                $$"""
                "environment": { "AWS_ACCESS_KEY_ID": "{{buckets.From.AccessKeyId}}", "AWS_SECRET_ACCESS_KEY": { "$secret": "{{Buckets.Secret}}" } }
                """,
                StringComparison.Ordinal
            )
        );
}
