using System.Text.Json;
using Belay.Domain.Contract;

namespace Belay.Connectors.Tests;

/// <summary>What lint and rehearsal are told. That nothing else is touched is shown by each change's contract suite, on the live system.</summary>
public sealed class TouchTests
{
    [Fact]
    public void A_migration_says_which_schema_it_reaches() =>
        Assert.Equal(42, One("postgresql.migrate", """{"connection":"db","directory":"m","to":42}""").Reaches);

    [Theory]
    [InlineData("restore", true)]
    [InlineData("none", false)]
    public void A_backup_is_proven_only_when_it_was_restored(string prove, bool proven) =>
        Assert.Equal(proven, One("postgresql.backup", $$"""{"connection":"db","to":"b","prove":"{{prove}}"}""").Proven);

    [Fact]
    public void Whatever_compares_two_stores_offers_the_report_a_table() =>
        Assert.All(
            TestProgram.Instance.Catalog.Operations.Where(operation =>
                operation.Name.Contains(".same", StringComparison.Ordinal)
            ),
            operation => Assert.True(operation.State.Type.IsAssignableTo(typeof(ICompared)), operation.Name)
        );

    [Fact]
    public void A_check_of_the_schema_says_for_which_schemas_it_holds() =>
        Assert.Equal(
            new SchemaWindow(41, 41),
            One("postgresql.schema-version", """{"connection":"db","expect":41}""").Schema
        );

    [Fact]
    public void A_document_that_holds_the_schema_proves_it_and_any_other_one_proves_nothing()
    {
        const string Document =
            """ "connection":"db","document":{"collection":"meta","filter":{"_id":"schema"},"path":"v"} """;
        var proof = One("mongodb.document", $$$"""{{{{Document}}},"at-least":41,"at-most":42,"schema":true}""");
        Assert.Equal((new SchemaWindow(41, 42), Proof.Schema), (proof.Schema, proof.Proves));
        Assert.Equal(Proof.Nothing, One("mongodb.document", $$$"""{{{{Document}}},"expect":41}""").Proves);
    }

    [Fact]
    public void Equally_named_indices_of_two_clusters_are_two_and_the_copy_says_of_which_it_is_one()
    {
        var copy = Of("elasticsearch.reindex", """{"connection":"new","from-connection":"old","from":"p","to":"p"}""")[
            1
        ];
        Assert.Equal(("elasticsearch:p@new", "elasticsearch:p@old"), (copy.Resource, copy.Copies));
        Assert.NotEqual(new Members([copy]).Of(copy.Resource), new Members([copy]).Of(copy.Copies!));
    }

    [Fact]
    public void A_switch_of_an_alias_moves_the_writer_and_a_deletion_needs_the_backup_that_it_does_not_disclaim()
    {
        var touches = Of("elasticsearch.switch-alias", """{"connection":"s","alias":"p","from":"a","to":"b"}""");
        Assert.Equal([TouchKind.RouteAway, TouchKind.RouteTo, TouchKind.Modify], touches.Select(touch => touch.Kind));
        Assert.Equal(("elasticsearch:b@s", "p"), (touches[1].Resource, touches[1].Writer));
        Assert.Equal(Reversal.Restore, ReversalOf("""{"connection":"s","index":"a"}"""));
        Assert.Equal(Reversal.Never, ReversalOf("""{"connection":"s","index":"a","way-back":"none"}"""));

        static Reversal ReversalOf(string inputs) =>
            (
                (Belay.Domain.Operations.ChangeDefinition)
                    TestProgram.Instance.Catalog.Find("elasticsearch.delete-index")!
            ).ReversalOf(JsonElement.Parse(inputs));
    }

    [Fact]
    public void A_migration_by_a_runner_says_which_schema_it_reaches() =>
        Assert.Equal(
            43,
            One(
                "mongodb.migrate",
                """{"connection":"db","version":{"collection":"meta","filter":{"_id":1},"path":"v"},"from":41,"to":43,"command":["x"]}"""
            ).Reaches
        );

    [Theory]
    [InlineData("restore", true)]
    [InlineData("none", false)]
    public void An_archive_of_mongodb_is_proven_only_when_it_was_restored(string prove, bool proven) =>
        Assert.Equal(proven, One("mongodb.backup", $$"""{"connection":"db","to":"b","prove":"{{prove}}"}""").Proven);

    [Fact]
    public void A_replica_says_whose_contents_it_holds_and_a_comparison_proves_it()
    {
        Assert.Equal("redis:old", Of("redis.replicate", """{"from":"old","to":"new"}""")[1].Copies);
        var proven = Of("redis.same", """{"from":"old","to":"new"}""")[1];
        Assert.Equal(("redis:new", "redis:old", Proof.Same), (proven.Resource, proven.Copies, proven.Proves));
    }

    [Fact]
    public void A_cut_over_freezes_moves_the_writer_and_thaws_in_this_order()
    {
        var touches = Of("redis.cut-over", """{"from":"old","to":"new","switch":{"file":"f","key":"K"}}""");
        Assert.Equal(
            [TouchKind.Freeze, TouchKind.RouteAway, TouchKind.RouteTo, TouchKind.Modify, TouchKind.Thaw],
            touches.Select(touch => touch.Kind)
        );
        Assert.Equal("new", touches[2].Writer);
    }

    [Fact]
    public void A_cut_over_of_several_lines_says_each_of_their_files_once()
    {
        var touches = Of(
            "redis.cut-over",
            """{"from":"old","to":"new","switches":[{"file":"f","key":"K"},{"file":"g","key":"K"},{"file":"f","key":"L"}]}"""
        );
        Assert.Equal(
            ["file:f", "file:g"],
            touches.Where(touch => touch.Kind == TouchKind.Modify).Select(touch => touch.Resource)
        );
    }

    [Fact]
    public void A_move_says_whose_copy_it_makes_what_proves_it_and_who_writes_from_when_on()
    {
        Assert.Equal("postgresql:old", Of("postgresql.replicate", """{"from":"old","to":"new"}""")[1].Copies);
        var proven = Of("postgresql.same", """{"from":"old","to":"new"}""")[1];
        Assert.Equal(("postgresql:new", "postgresql:old", Proof.Same), (proven.Resource, proven.Copies, proven.Proves));
        var touches = Of("postgresql.switch-over", """{"from":"old","to":"new","switch":{"file":"f","key":"K"}}""");
        Assert.Equal(
            [
                TouchKind.Freeze,
                TouchKind.RouteAway,
                TouchKind.RouteTo,
                TouchKind.Modify,
                TouchKind.Thaw,
                TouchKind.Modify,
            ],
            touches.Select(touch => touch.Kind)
        );
        Assert.Equal(("new", "postgresql:new"), (touches[2].Writer, touches[5].Copies));
    }

    [Theory]
    [InlineData("""{"connection":"c","backend":"b","server":"s"}""", true)]
    [InlineData("""{"connection":"c","backend":"b","server":"s","until":{"sessions":3}}""", false)]
    [InlineData("""{"connection":"c","backend":"b","server":"s","at-deadline":"close"}""", false)]
    public void A_drain_drains_only_when_it_ends_with_no_session_left(string inputs, bool drains) =>
        Assert.Equal(drains, One("haproxy.drain", inputs).Drains);

    [Fact]
    public void Nobody_is_shown_to_be_gone_by_a_count_that_allows_some()
    {
        Assert.Equal(Proof.Idle, One("haproxy.sessions", """{"connection":"c","backend":"b","server":"s"}""").Proves);
        Assert.Equal(
            Proof.Nothing,
            One("haproxy.sessions", """{"connection":"c","backend":"b","server":"s","at-most":5}""").Proves
        );
    }

    [Fact]
    public void A_started_process_an_attached_server_and_an_asked_service_meet_at_their_address()
    {
        const string Address = "10.0.0.5:8081";
        var started = Of(
            "process.start",
            """{"name":"a7","command":["x"],"pid-file":"p","log":"l","ready":{"http":"http://10.0.0.5:8081/ready"}}"""
        )[0];
        Assert.Equal((TouchKind.Create, Address), (started.Kind, started.Address));
        Assert.Equal(
            Address,
            One("haproxy.attach", """{"connection":"c","backend":"b","server":"s","address":"10.0.0.5:8081"}""").Address
        );
        Assert.Equal(Address, One("http.get", """{"url":"http://10.0.0.5:8081/status"}""").Address);
        Assert.Equal("shop.example:443", One("http.get", """{"url":"https://shop.example/status"}""").Address);
    }

    [Fact]
    public void A_stopped_process_ends_whether_or_not_it_can_be_started_again() =>
        Assert.Equal(
            TouchKind.Destroy,
            Of("process.stop", """{"name":"a","pid-file":"p","command":["x"],"log":"l"}""")[0].Kind
        );

    [Fact]
    public void A_shell_command_touches_what_its_plan_says() =>
        Assert.Equal(
            [TouchKind.Modify, TouchKind.Freeze],
            Of("shell.run", """{"command":["x"],"touches":[{"resource":"db:main","kind":"freeze"}]}""")
                .Select(touch => touch.Kind)
        );

    private static Touch[] Of(string operation, string inputs) =>
        [.. ConnectorList.Load().Find(operation)!.TouchesOf(JsonElement.Parse(inputs))];

    private static Touch One(string operation, string inputs) => Of(operation, inputs)[0];
}
