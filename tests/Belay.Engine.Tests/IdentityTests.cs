using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Engine;
using SimulatedWorld;
using static SimulatedWorld.Stage;

namespace Belay.Engine.Tests;

public sealed class IdentityTests
{
    private readonly Stage stage = new();

    public IdentityTests() => stage.Systems.Ids["db"] = () => "id-one";

    [Fact]
    public void The_first_run_learns_which_systems_there_are_and_journals_it()
    {
        stage.Systems.Ids["edge"] = () => null;

        var outcome = stage.Start(PlanOf(Do("a", "toy.set")));

        var identity = outcome.Reading.Start!.Identity!;
        Assert.Equal("id-one", identity.Systems["db"].Id);
        Assert.Equal("it has no id of its own", identity.NotCompared!["edge"]);
    }

    [Fact]
    public void A_run_on_another_system_is_refused_with_both_ids_and_the_way_to_accept_it_and_touches_nothing()
    {
        Learn("id-two");

        var refused = Assert.Throws<OrderRefusedException>(() => stage.Start(PlanOf(Do("a", "toy.set"))));

        Assert.Contains("id-two", refused.Message, StringComparison.Ordinal);
        Assert.Contains("id-one", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "belay environment accept db --id id-one --env default --reason",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(stage.World.Effects);
    }

    [Fact]
    public void A_system_that_lost_its_id_is_another_system()
    {
        Learn("id-one");
        stage.Systems.Ids["db"] = () => null;

        Assert.Throws<OrderRefusedException>(() => stage.Start(PlanOf(Do("a", "toy.set"))));
    }

    [Fact]
    public void A_halted_run_is_neither_resumed_nor_rolled_back_on_another_system()
    {
        stage.World.Inject("b", Moment.BeforeEffect, Fault.Refused);
        stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.set")));
        stage.Systems.Ids["db"] = () => "id-two";

        Assert.Throws<OrderRefusedException>(() => stage.Resume());
        Assert.Throws<OrderRefusedException>(() => stage.Rollback());
        Assert.Equal(["apply a"], stage.World.Effects);

        stage.Systems.Ids["db"] = () => "id-one";
        Assert.Equal(RunStatus.RolledBack, stage.Rollback().Reading.Status);
    }

    [Theory]
    [InlineData("toy.final")]
    [InlineData("toy.wreck")]
    [InlineData("toy.end")]
    public void A_system_that_is_swapped_during_the_run_is_found_before_a_change_that_cannot_be_taken_back_exactly(
        string operation
    )
    {
        stage.Systems.Ids["db"] = () => stage.World["a"] is null ? "id-one" : "id-two";

        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Do("b", operation)));

        Assert.Equal(HaltCause.OtherSystem, outcome.Reading.Halt!.Cause);
        Assert.Equal("b", outcome.Reading.Halt.Step);
        Assert.Contains("id-two", outcome.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Equal(["apply a"], stage.World.Effects);
    }

    [Fact]
    public void What_is_compared_before_a_change_that_cannot_be_taken_back_is_journaled()
    {
        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.end")));

        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        var compared = Assert.Single(stage.Store.Journal(Run).Select(entry => entry.Event).OfType<IdentityCompared>());
        Assert.Equal("b", compared.Step);
        Assert.Equal("id-one", compared.Identity.Systems["db"].Id);
    }

    [Fact]
    public void Unknown_is_never_equal_what_a_change_names_must_be_readable_before_it_destroys_anything()
    {
        stage.Systems.Ids["db"] = () =>
            stage.World["a"] is null ? "id-one" : throw OperationException.Transient("it is away");

        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.end") with { With = Naming("db") }));

        Assert.Equal(HaltCause.OtherSystem, outcome.Reading.Halt!.Cause);
        Assert.Contains("it is away", outcome.Reading.Halt.Why, StringComparison.Ordinal);
        Assert.Equal(["apply a"], stage.World.Effects);
    }

    [Fact]
    public void A_system_that_hangs_is_not_waited_for_without_end_and_a_change_that_does_not_name_it_goes_on()
    {
        stage.Systems.Ids["db"] = () => throw OperationException.Transient("it is away");

        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.end")));

        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        Assert.Equal("it is away", outcome.Reading.Start!.Identity!.NotCompared!["db"]);
    }

    [Fact]
    public void A_system_that_answers_for_the_first_time_in_the_middle_of_a_run_is_not_destroyed_in_it()
    {
        stage.Systems.Ids["db"] = () =>
            stage.World["a"] is null ? throw OperationException.Transient("not there yet") : "id-new";

        var outcome = stage.Start(PlanOf(Do("a", "toy.set"), Do("b", "toy.end") with { With = Naming("db") }));

        Assert.Equal(HaltCause.OtherSystem, outcome.Reading.Halt!.Cause);
        Assert.Contains("belay environment accept db --id id-new", outcome.Reading.Halt.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_is_not_begun_on_a_system_that_was_swapped_while_the_run_went_back()
    {
        stage.Systems.Ids["db"] = () => stage.World.Effects.Contains("undo later") ? "id-two" : "id-one";
        stage.World.Inject("bad", Moment.BeforeEffect, Fault.Refused);
        stage.Start(
            PlanOf(
                Do("save", "toy.save", cell: "data"),
                Do("wreck", "toy.wreck", cell: "data", restore: "save"),
                Do("later", "toy.set"),
                Do("bad", "toy.set")
            )
        );

        var outcome = stage.Rollback(null, "wreck");

        Assert.Equal(HaltCause.OtherSystem, outcome.Reading.Halt!.Cause);
        Assert.Equal("undo later", stage.World.Effects[^1]);
    }

    [Fact]
    public void A_persons_word_that_a_system_took_anothers_place_stands_in_the_journal_of_the_next_run()
    {
        Learn("id-two");
        var word = new AcceptedSystem
        {
            By = "anna",
            Reason = "moved to new machines",
            Was = "id-two",
        };
        Learn("id-one", word);

        var outcome = stage.Start(PlanOf(Do("a", "toy.set")));

        Assert.Equal(RunStatus.Done, outcome.Reading.Status);
        Assert.Equal(word, outcome.Reading.Start!.Identity!.Systems["db"].Accepted);
    }

    [Fact]
    public void An_environment_without_systems_that_can_be_identified_journals_nothing_about_them()
    {
        stage.Systems.Ids.Clear();

        var outcome = stage.Start(PlanOf(Do("a", "toy.final")));

        Assert.Null(outcome.Reading.Start!.Identity);
        Assert.DoesNotContain(stage.Store.Journal(Run), entry => entry.Event is IdentityCompared);
    }

    private void Learn(string id, AcceptedSystem? word = null) =>
        stage.Time.Run(
            async () =>
            {
                await stage
                    .Parts()
                    .Identities.WriteAsync(
                        "default",
                        new EnvironmentIdentity
                        {
                            Systems = ImmutableSortedDictionary<string, KnownSystem>.Empty.Add(
                                "db",
                                new KnownSystem
                                {
                                    Id = id,
                                    Since = DateTimeOffset.UnixEpoch,
                                    Accepted = word,
                                }
                            ),
                        },
                        TestContext.Current.CancellationToken
                    );
                return 0;
            },
            TimeSpan.FromMinutes(1)
        );

    private static System.Text.Json.JsonElement Naming(string connection) =>
        System.Text.Json.JsonElement.Parse($$"""{"cell":"b","connection":"{{connection}}"}""");
}
