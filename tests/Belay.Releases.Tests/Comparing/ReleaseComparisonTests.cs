using Belay.Releases.Comparing;
using Belay.Releases.Reading;

namespace Belay.Releases.Tests.Comparing;

/// <summary>What a new release means, from two folders whose names and places say nothing.</summary>
public sealed class ReleaseComparisonTests : IDisposable
{
    private readonly ReleaseFolder old = new();
    private readonly ReleaseFolder now = new();

    public void Dispose()
    {
        old.Dispose();
        now.Dispose();
    }

    [Fact]
    public void Images_are_told_by_name_tag_and_digest_wherever_they_stand()
    {
        var (a, b) = (new string('a', 64), new string('b', 64));
        old.With(
                "x/list.txt",
                $"# ours\nregistry.example/shop:1.0\nregistry.example/gone:3\nregistry.example/pinned:1@sha256:{a}\n"
            )
            .With("compose.yml", "services:\n  cache:\n    image: redis:7.0\n")
            .With("chart.yaml", "image:\n  registry: registry.example\n  repository: api\n  tag: \"1.0\"\n");
        now.With("y/images.txt", $"registry.example/shop:1.1\nregistry.example/pinned:1@sha256:{b}\n")
            .With("docker/stack.yaml", "services:\n  cache:\n    image: valkey/valkey:8.0\n")
            .With("values.yaml", "image:\n  registry: registry.example\n  repository: api\n  tag: \"1.1\"\n");

        var images = Changes(ReleaseArea.Images);

        Assert.Equal("1.0 -> 1.1", Values(images["registry.example/shop"]));
        Assert.Equal("1.0 -> 1.1", Values(images["registry.example/api"]));
        Assert.Equal(ChangeKind.Removed, images["registry.example/gone"].Kind);
        Assert.Equal(ChangeKind.Added, images["valkey/valkey"].Kind);
        Assert.Contains(
            "the same tag names another image",
            images["registry.example/pinned"].Meaning,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Values_are_new_gone_renamed_by_likeness_or_have_another_default()
    {
        old.With("a/values.yaml", "postgresqlUsername: shopuser\nreplicas: 1\nlegacy: true\ndbPassword: hunter2\n");
        now.With(
            "b/defaults.yaml",
            "auth:\n  username: shopuser\nreplicas: 2\nhost: < REPLACE_VALUE_HOST >\ndbPassword: hunter3\n"
        );

        var values = Changes(ReleaseArea.Values);

        Assert.Equal(
            (ChangeKind.Renamed, "postgresqlUsername"),
            (values["auth.username"].Kind, values["auth.username"].Old)
        );
        Assert.Equal("1 -> 2", Values(values["replicas"]));
        Assert.Equal(Weight.Look, values["legacy"].Weight);
        Assert.Equal((Weight.Act, "to be filled in"), (values["host"].Weight, values["host"].Meaning));
        Assert.Equal(ChangeKind.Changed, values["dbPassword"].Kind);
        Assert.Null(values["dbPassword"].Old);
        Assert.Null(values["dbPassword"].New);
    }

    [Fact]
    public void Variables_and_resources_of_the_infrastructure_are_told_with_what_they_ask()
    {
        old.With(
            "main.tf",
            """
            terraform { required_version = ">= 1.5" }
            variable "region" { type = string }
            variable "size" {
              type    = number
              default = 3
            }
            variable "unused" { default = "" }
            variable "zone" { default = "a" }
            resource "aws_elasticache_cluster" "cache" {}
            resource "aws_s3_bucket" "logs" {}
            resource "aws_vpc" "main" {}
            """
        );
        now.With(
                "infra/all.tf",
                """
                terraform {
                  required_version = ">= 1.10.4"
                }
                variable "region" { type = string }
                variable "size" {
                  type    = string
                  default = "3"
                }
                variable "valkey_node_type" {
                  type = string
                }
                variable "zone" {}
                variable "owner" { default = "us" }
                resource "aws_elasticache_replication_group" "valkey" {}
                resource "aws_vpc" "network" {}
                moved {
                  from = aws_vpc.main
                  to   = aws_vpc.network
                }
                """
            )
            .With("infra/09-cache.tf.26.03", "resource \"aws_elasticache_cluster\" \"cache\" {}\n");

        var variables = Changes(ReleaseArea.Variables);
        Assert.Equal(["owner", "size", "unused", "valkey_node_type", "zone"], variables.Keys.Order());
        Assert.StartsWith("required", variables["valkey_node_type"].Meaning, StringComparison.Ordinal);
        Assert.StartsWith("required now", variables["zone"].Meaning, StringComparison.Ordinal);
        Assert.StartsWith("another type", variables["size"].Meaning, StringComparison.Ordinal);
        Assert.Equal((ChangeKind.Added, "optional"), (variables["owner"].Kind, variables["owner"].Meaning));
        Assert.Equal(ChangeKind.Removed, variables["unused"].Kind);

        var resources = Changes(ReleaseArea.Resources);
        Assert.Equal(ChangeKind.Renamed, resources["aws_vpc.network"].Kind);
        Assert.True(resources["aws_s3_bucket.logs"].IsFinal);
        Assert.Contains(
            "unless the file is renamed",
            resources["aws_elasticache_cluster.cache"].Meaning,
            StringComparison.Ordinal
        );
        Assert.Equal(ChangeKind.Added, resources["aws_elasticache_replication_group.valkey"].Kind);
    }

    [Fact]
    public void Environment_variables_are_required_optional_or_gone()
    {
        old.With(".env.example", "DB_HOST=localhost\nOLD_FLAG=1\nMODE=slow\n");
        now.With("config/app.env", "DB_HOST=localhost\nMODE=fast\nAUDIT_URL=\nTIMEOUT=30\n")
            .With(
                "k8s.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  template:\n    spec:\n      containers:\n        - image: shop:1\n          env:\n            - name: SIGN_KEY\n              value: changeme\n"
            );

        var variables = Changes(ReleaseArea.Environment);

        Assert.Equal(["AUDIT_URL", "MODE", "OLD_FLAG", "SIGN_KEY", "TIMEOUT"], variables.Keys.Order());
        Assert.Equal(Weight.Act, variables["AUDIT_URL"].Weight);
        Assert.Equal(Weight.Act, variables["SIGN_KEY"].Weight);
        Assert.Equal("optional", variables["TIMEOUT"].Meaning);
        Assert.Equal("slow -> fast", Values(variables["MODE"]));
        Assert.Equal(ChangeKind.Removed, variables["OLD_FLAG"].Kind);
    }

    [Theory]
    [InlineData("CREATE TABLE a (b int);", MigrationNature.Expands)]
    [InlineData("ALTER TABLE a ADD COLUMN c text;", MigrationNature.Expands)]
    [InlineData("ALTER TABLE a ADD COLUMN c text NOT NULL DEFAULT '';", MigrationNature.Expands)]
    [InlineData("ALTER TABLE a ADD COLUMN c text NOT NULL;", MigrationNature.Contracts)]
    [InlineData("ALTER TABLE a DROP COLUMN c;", MigrationNature.Contracts)]
    [InlineData("ALTER TABLE a RENAME TO b;", MigrationNature.Contracts)]
    [InlineData("ALTER TABLE a ALTER COLUMN c TYPE bigint;", MigrationNature.Contracts)]
    [InlineData("CREATE UNIQUE INDEX i ON a (b);", MigrationNature.Contracts)]
    [InlineData("UPDATE a SET b = 1;", MigrationNature.WritesData)]
    [InlineData("DO $$ BEGIN PERFORM 1; END $$;", MigrationNature.Unknown)]
    [InlineData("CREATE TABLE a (b int); DROP TABLE c;", MigrationNature.Contracts)]
    [InlineData("-- DROP TABLE c\nCREATE INDEX i ON a (b);", MigrationNature.Expands)]
    public void A_migration_is_judged_by_its_statements(string sql, MigrationNature nature)
    {
        now.With("db/042_next.sql", sql);

        var migration = Assert.Single(ReleaseReader.Read(now.Path).Migrations);

        Assert.Equal((42, nature), (migration.Number, migration.Nature));
        Assert.Equal(nature == MigrationNature.Expands, migration.Reasons.IsEmpty);
    }

    [Fact]
    public void Migrations_that_contract_or_were_changed_after_their_release_ask_for_hands()
    {
        old.With("m/041_a.sql", "CREATE TABLE a (b int);");
        now.With("n/041_a.sql", "CREATE TABLE a (b bigint);")
            .With("n/042_drop.sql", "DROP TABLE b;")
            .With("n/043_rename.sql", "ALTER TABLE a RENAME TO c;")
            .With("n/043_rename.down.sql", "ALTER TABLE c RENAME TO a;");

        var migrations = Changes(ReleaseArea.Migrations);

        Assert.Equal(3, migrations.Count);
        Assert.Contains("changed after it was released", migrations["041_a.sql"].Meaning, StringComparison.Ordinal);
        Assert.True(migrations["042_drop.sql"].IsFinal);
        Assert.Contains("line 1: DROP TABLE b", migrations["042_drop.sql"].Meaning, StringComparison.Ordinal);
        Assert.False(migrations["043_rename.sql"].IsFinal);
    }

    [Fact]
    public void Tools_are_held_against_what_is_installed()
    {
        old.With("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\nkubeVersion: '>= 1.25'\n");
        now.With(
                "c/Chart.yaml",
                "apiVersion: v2\nname: shop\nversion: 1.1.0\nappVersion: 4.2.0\nkubeVersion: '>= 1.29.0-0'\n"
            )
            .With(
                "package.json",
                "{ \"name\": \"shop\", \"engines\": { \"node\": \"^20 || ^22\", \"npm\": \">=10\" } }"
            )
            .With("v.tf", "terraform {\n  required_version = \"~> 1.10\"\n}\n");

        var tools = Changes(
            ReleaseArea.Tools,
            new()
            {
                ["node"] = "18.1.0",
                ["npm"] = "10.2.0",
                ["terraform"] = null,
            }
        );

        Assert.Equal("18.1.0 is installed, which will not do", tools["node"].Meaning);
        Assert.Null(tools["npm"].Meaning);
        Assert.Equal(Weight.Act, tools["terraform"].Weight);
        Assert.Equal("what is installed was not asked", tools["kubernetes"].Meaning);
        Assert.Equal("1.0.0 -> 1.1.0 (of 4.2.0)", Values(Changes(ReleaseArea.Charts)["shop"]));
    }

    [Fact]
    public void Of_the_changelog_only_what_is_new_is_told_and_what_may_need_hands_comes_first()
    {
        const string Before = "# Changelog\n\n## [1.0.0] - 2026-01-01\n### Changed\n- Old news\n";
        old.With("CHANGES.md", Before);
        now.With(
            "docs/history.md",
            Before.Replace(
                "## [1.0.0]",
                "## [1.1.0]\n\n### Added\n- A page\n\n### Removed\n- The old API;\n  use the new one\n\n```\n### Removed\n- no entry\n```\n\n## [1.0.0]",
                StringComparison.Ordinal
            )
        );

        var told = Diff().Changes.Where(change => change.Area == ReleaseArea.Changelog).ToArray();

        Assert.Equal(
            [("1.1.0 Removed", "The old API; use the new one", Weight.Look), ("1.1.0 Added", "A page", Weight.Know)],
            told.Select(change => (change.Name, change.New!, change.Weight))
        );
    }

    [Fact]
    public void Two_equal_releases_have_no_difference()
    {
        foreach (var folder in new[] { old, now })
            folder.With("values.yaml", "a: 1\n").With("1_a.sql", "CREATE TABLE a (b int);").With(".env", "A=1\n");

        Assert.Empty(Diff().Changes);
        Assert.Empty(Diff().Notices);
    }

    [Fact]
    public void Half_a_release_is_told()
    {
        old.With("values.yaml", "a: 1\n").With("1_a.sql", "CREATE TABLE a (b int);");
        now.With("values.yaml", "a: 1\n");

        var notice = Assert.Single(Diff().Notices);

        Assert.Contains("has no migrations", notice.Message, StringComparison.Ordinal);
        Assert.Equal("is the folder whole?", notice.Hint);
    }

    private static string Values(ReleaseChange change) => $"{change.Old} -> {change.New}";

    private ReleaseDiff Diff(Dictionary<string, string?>? installed = null) =>
        ReleaseComparison.Compare(ReleaseReader.Read(old.Path), ReleaseReader.Read(now.Path), installed ?? []);

    private Dictionary<string, ReleaseChange> Changes(
        ReleaseArea area,
        Dictionary<string, string?>? installed = null
    ) => Diff(installed).Changes.Where(change => change.Area == area).ToDictionary(change => change.Name);
}
