using System.Text;
using Belay.Cli.Screens;
using Belay.Connectors;
using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Tests;

/// <summary>What a terminal shows while a run lasts, drawn from the journal of a real run.</summary>
public sealed class LiveTreeTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Each_step_has_its_sign_its_time_or_its_reason()
    {
        var lines = Draw(await HaltedAsync(), height: 20);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("✓ first  files.write first.txt  ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("✗ look  http.get 127.0.0.1:1  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_little_room_the_step_that_matters_stays_in_sight() =>
        Assert.StartsWith("✗ look", Assert.Single(Draw(await HaltedAsync(), height: 1)), StringComparison.Ordinal);

    private async Task<RunReading> HaltedAsync()
    {
        desk.Write("upgrade.yaml", Plans.Refused);
        Assert.Equal(4, (await desk.BelayAsync("run", "upgrade.yaml", "--run", "one")).ExitCode);
        return RunReading.Of(
            File.ReadLines(desk.JournalOf("one")).Select(line => JournalLine.Read(Encoding.UTF8.GetBytes(line)))
        );
    }

    private static string[] Draw(RunReading reading, int height) =>
        [
            .. TreeLines
                .Of(reading, Boundary.Draw(reading.Plan!, ConnectorList.Load()), reading.LastAt, height)
                .Select(line => line.ToString()),
        ];
}
