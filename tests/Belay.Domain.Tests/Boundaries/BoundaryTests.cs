using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using static Belay.Domain.Tests.Lint.LintPlan;

namespace Belay.Domain.Tests.Boundaries;

public sealed class BoundaryTests
{
    private static readonly DateTimeOffset Taken = new(2026, 11, 21, 2, 10, 31, TimeSpan.Zero);

    private static readonly DoItem Convert = Exact("convert") with { Restore = "save" };

    [Fact]
    public void Each_change_says_what_going_back_costs_from_there() =>
        Assert.Equal(
            [
                "save: exact",
                "convert: restore from save: writes after the backup are lost",
                "after: restore from save, then exact: writes after the backup are lost",
                "end: never: nothing before this can be taken back without loss",
                "last: never: end cannot be taken back",
            ],
            Draw(null, Save("save"), Convert, Exact("after"), Final("end"), Exact("last"))
        );

    [Fact]
    public void A_step_of_a_loop_says_for_how_many_members() =>
        Assert.Equal(
            [
                "a: exact, for each of 3 members",
                "b: exact, for each member; how many there are is known only when the loop begins",
            ],
            Draw(
                null,
                Each(["1", "2", "3"], Exact("a")),
                Each(["1"], Exact("b")) with
                {
                    Over = JsonSerializer.SerializeToElement("${steps.list.servers}"),
                }
            )
        );

    [Fact]
    public void A_loop_in_a_loop_multiplies() =>
        Assert.Equal(
            ["a: exact, for each of 6 members"],
            Draw(null, Each(["1", "2", "3"], Each(["x", "y"], Exact("a"))))
        );

    [Fact]
    public void Beside_a_change_that_cannot_be_taken_back_nothing_is_exact() =>
        Assert.Equal(
            [
                "a: exact; while 'end' runs beside it: never: end cannot be taken back",
                "end: never: nothing before this can be taken back without loss",
                "after: never: end cannot be taken back",
            ],
            Draw(null, Parallel(Exact("a"), Final("end")), Exact("after"))
        );

    [Fact]
    public void The_moment_of_the_backup_is_named_once_it_is_known() =>
        Assert.Equal(
            ["save: exact", "convert: restore from save: writes after 2026-11-21 02:10:31Z are lost"],
            Draw(new BoundaryFacts { TakenAt = step => step == "save" ? Taken : null }, Save("save"), Convert)
        );

    [Fact]
    public void What_earlier_runs_took_adds_up() =>
        Assert.Equal(
            [
                "a: exact, about 40s, measured on 3 runs",
                "b: exact, about 2m00s, measured on 2 runs, for each of 2 members",
                "c: exact, at least 2m00s, measured on 2 runs",
            ],
            Draw(
                new BoundaryFacts
                {
                    TakesBack = step =>
                        step switch
                        {
                            "a" => new Measured(TimeSpan.FromSeconds(40), 3),
                            "b" => new Measured(TimeSpan.FromSeconds(40), 2),
                            _ => null,
                        },
                },
                Exact("a"),
                Each(["1", "2"], Exact("b")),
                Exact("c")
            )
        );

    [Fact]
    public void The_boundary_lies_before_the_first_change_that_cannot_be_taken_back() =>
        Assert.Equal(
            "end",
            Assert.Single(Boundary.Draw(Plan(Exact("a"), Final("end"), Final("end2")), Catalog), l => l.IsBoundary).Step
        );

    [Theory]
    [InlineData("""{"archive":{"taken-at":"2026-11-21T02:10:31Z"}}""", "2026-11-21T02:10:31Z")]
    [InlineData("""{"file":"a"}""", "2026-11-21T02:10:00Z")]
    public void A_backup_holds_the_moment_that_it_tells_or_else_that_of_its_attempt(string after, string moment)
    {
        using var state = JsonDocument.Parse(after);
        var reading = RunReading.Of([
            Entry(
                1,
                new Intent
                {
                    Step = "save",
                    Attempt = 1,
                    Operation = "fake.save",
                    Inputs = state.RootElement,
                    Before = state.RootElement,
                    Difference = Difference.Of(Reversal.Exact, new DifferenceLine("a", null, "b")),
                    Reversal = Reversal.Exact,
                }
            ),
            Entry(2, new StepDone { Step = "save", After = state.RootElement }),
        ]);

        Assert.Equal(
            DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture),
            BackupTime.Of(reading, "save")
        );
        Assert.Null(BackupTime.Of(reading, "other"));
    }

    private static JournalEntry Entry(long sequence, JournalEvent happened) =>
        new()
        {
            Sequence = sequence,
            At = new DateTimeOffset(2026, 11, 21, 2, 9 + (int)sequence, 0, TimeSpan.Zero),
            Fence = 1,
            Event = happened,
            Previous = "",
            Hash = "",
        };

    private static string[] Draw(BoundaryFacts? facts, params ImmutableArray<Item> steps) =>
        [.. Boundary.Draw(Plan(steps), Catalog, facts).Select(line => $"{line.Step}: {line.Cost}")];
}
