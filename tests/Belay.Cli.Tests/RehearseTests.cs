using System.Text.Json;

namespace Belay.Cli.Tests;

public sealed class RehearseTests : IDisposable
{
    private const string Frozen = """
        belay: 1
        upgrade: shop
        from: "1"
        to: "2"
        steps:
          - id: freeze
            do: shell.run
            with:
              command: [touch, frozen]
              undo: { command: [rm, -f, frozen] }
              repeatable: true
              touches: [{ resource: "store:orders", kind: freeze }]
        """;

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_plan_that_keeps_every_rule_ends_with_0_and_says_how_much_was_played()
    {
        desk.Write("upgrade.yaml", Plans.Good);

        var ended = await desk.BelayAsync("rehearse", "upgrade.yaml", "--pairs");

        Assert.True(ended.ExitCode == 0, $"{ended}");
        Assert.Contains("stories played", ended.Output, StringComparison.Ordinal);
        Assert.Contains("no violation", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_violation_ends_with_3_and_is_told_with_the_line_of_the_plan_and_the_command_that_shows_it_again()
    {
        desk.Write("upgrade.yaml", Frozen);

        var ended = await desk.BelayAsync("rehearse", "upgrade.yaml");

        Assert.True(ended.ExitCode == 3, $"{ended}");
        Assert.Contains("left-frozen: writes to orders are still frozen", ended.Output, StringComparison.Ordinal);
        Assert.Contains("writes to orders are frozen  upgrade.yaml:6", ended.Output, StringComparison.Ordinal);
        Assert.Contains(
            "again: belay rehearse upgrade.yaml --env default --seed 1 --story 'start'",
            ended.Output,
            StringComparison.Ordinal
        );
        Assert.False(desk.Has("frozen"));
    }

    [Fact]
    public async Task The_way_back_is_rehearsed_from_every_change()
    {
        desk.Write("upgrade.yaml", Plans.Good);

        var ended = await desk.BelayAsync("rehearse", "upgrade.yaml", "--rollback");

        Assert.True(ended.ExitCode == 0, $"{ended}");
        Assert.Matches(@"\d+ halt then fail", ended.Output);
        Assert.Contains("no violation", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_story_is_told_again_as_JSON()
    {
        desk.Write("upgrade.yaml", Frozen);

        var ended = await desk.BelayAsync("rehearse", "upgrade.yaml", "--story", "start", "--output", "json");

        Assert.True(ended.ExitCode == 3, $"{ended}");
        var told = JsonElement.Parse(ended.Output);
        Assert.Equal("left-frozen", told.GetProperty("violation").GetProperty("code").GetString());
        Assert.NotEqual(0, told.GetProperty("lines").GetArrayLength());
    }

    [Fact]
    public async Task What_is_no_story_is_refused()
    {
        desk.Write("upgrade.yaml", Plans.Good);

        var ended = await desk.BelayAsync("rehearse", "upgrade.yaml", "--story", "once-upon-a-time");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("is no story", ended.Error, StringComparison.Ordinal);
    }
}
