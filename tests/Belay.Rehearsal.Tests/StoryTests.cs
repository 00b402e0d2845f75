using Belay.Connectors;
using Belay.Rehearsal.Stories;

namespace Belay.Rehearsal.Tests;

/// <summary>Stories, their ids, and how they are told.</summary>
public sealed class StoryTests
{
    [Theory]
    [InlineData("start")]
    [InlineData("start+fail-before:expand/rollback")]
    [InlineData("start+crash-commit:17/resume+lost-after:attach@web1/abandon")]
    [InlineData("start+fail-half-undo:a%2Fb%2Bc%25/rollback+hang-before-restore:db dump")]
    [InlineData("start+timing:3")]
    [InlineData("start+halted:attach@web1/rollback:a%2Fb%2Bc%25+fail-before-undo:attach@web1/resume")]
    public void An_id_is_read_as_it_was_written(string id) => Assert.Equal(id, StoryId.Parse(id)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("rollback")]
    [InlineData("start+nonsense:x")]
    [InlineData("start+fail-sometimes:x")]
    [InlineData("start/dance")]
    public void What_is_no_id_is_refused(string id) => Assert.Null(StoryId.Parse(id));

    [Fact]
    public void A_violation_is_told_with_the_lines_of_the_plan_and_its_story_shows_it_again()
    {
        var catalog = ConnectorList.Load();
        var plan = Plans.Load("plans/no-drain.wrong.yaml", catalog);

        var told = PlanRehearsal.Play(plan, catalog, 1, pairs: false, TestContext.Current.CancellationToken).Violations[
            0
        ];
        var again = PlanRehearsal.Replay(plan, catalog, 1, told.Story);

        Assert.Equal("sessions-cut", told.Violation!.Code);
        Assert.Equal("stop", Line(told.Violation.Source!.Line, plan.Sources));
        Assert.Equal(told.Violation, again.Violation);
        Assert.Equal(told.Lines, again.Lines);
        Assert.Contains(told.Lines, line => line.Words.StartsWith("VIOLATION sessions-cut", StringComparison.Ordinal));

        static string Line(int line, IEnumerable<KeyValuePair<string, Domain.Plans.SourcePosition>> sources) =>
            sources.First(source => source.Value.Line == line).Key;
    }

    [Fact]
    public void A_story_of_another_plan_is_refused()
    {
        var catalog = ConnectorList.Load();
        var plan = Plans.Load("plans/no-drain.right.yaml", catalog);

        var refused = Assert.Throws<RehearsalException>(() =>
            PlanRehearsal.Replay(plan, catalog, 1, "start+fail-before:contract/resume")
        );

        Assert.Contains("does not fit", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_world_does_not_know_is_said()
    {
        var catalog = ConnectorList.Load();
        var plan = Plans.Load("plans/files-deleted-between.right.yaml", catalog);

        var report = PlanRehearsal.Play(plan, catalog, 1, pairs: false, TestContext.Current.CancellationToken);

        Assert.Contains(
            report.NotRehearsed,
            line => line.StartsWith("not rehearsed: what shell.run does", StringComparison.Ordinal)
        );
        Assert.Contains(
            report.World,
            line =>
                line.StartsWith("route shop: ", StringComparison.Ordinal)
                && line.Contains("web4", StringComparison.Ordinal)
        );
    }
}
