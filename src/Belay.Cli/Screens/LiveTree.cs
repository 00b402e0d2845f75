using System.Collections.Immutable;
using Belay.Cli.Status;
using Belay.Cli.Verbs;
using Belay.Cli.Work;
using Belay.Domain.Boundaries;
using Belay.Domain.Journal;
using Belay.Domain.Json;
using Belay.Domain.Memory;
using Belay.Domain.Plans;
using Belay.Domain.Readings;
using Belay.Engine.Rollback;
using Spectre.Console;

namespace Belay.Cli.Screens;

/// <summary>The live tree on a terminal: states, progress, watches with their latency, and how things stand with going back.</summary>
internal sealed class LiveTree(Workplace place) : IRunScreen
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);

    private LiveDisplayContext? display;
    private Plan? drawn;
    private ImmutableArray<BoundaryLine> boundary = [];
    private Task<Measurements>? measuring;
    private DateTimeOffset last;
    private string? said;

    public async Task<T> WhileAsync<T>(Func<Task<T>> work) =>
        await place
            .Screen.Terminal.Value.Live(new Text(""))
            .AutoClear(false)
            .Overflow(VerticalOverflow.Crop)
            .StartAsync(async context =>
            {
                display = context;
                return await work();
            });

    // Everything is drawn from the reading, a moment later.
    public void Show(JournalEntry entry, RunReading reading) => last = default;

    public void Refresh(RunReading reading)
    {
        var now = place.Clock.GetUtcNow();
        if (display is null || now - last < Least)
            return;
        last = now;
        // Read beside the run: the tree stands at once, and knows the times a moment later.
        measuring ??= Task.Run(() =>
            place.MeasuredAsync(reading.Plan!.Environment, except: reading.Run, CancellationToken.None)
        );
        if (!ReferenceEquals(drawn, reading.Plan))
            (drawn, boundary) = (reading.Plan, Boundary.Draw(reading.Plan!, place.Catalog));
        display.UpdateTarget(new Rows(Lines(reading, now).Select(Screen.Rendered)));
    }

    public void Say(string what) => said = what;

    private IEnumerable<ScreenLine> Lines(RunReading reading, DateTimeOffset now)
    {
        const int AroundTheTree = 7;
        var plan = reading.Plan!;
        var height = place.Screen.Terminal.Value.Profile.Height - AroundTheTree - plan.Watches.Length;
        yield return ScreenLine.Of(
            $"{plan.Upgrade} {plan.From} -> {plan.To} on {plan.Environment}   {reading.Run}   {Duration.Rounded(now - reading.StartedAt)}",
            Tone.Strong
        );
        if (StatusVerb.TimeLeft(reading, Known, now) is { } left)
            yield return ScreenLine.Of($"time left: {ForecastText.Words(left)}", Tone.Faint);
        foreach (var line in TreeLines.Of(reading, boundary, now, Math.Max(height, 3)))
            yield return line;
        if (reading.Parked is { Parking: var parking })
            yield return ScreenLine.Of(
                $"parked until {parking.Until:u} ({Duration.Rounded(parking.Until > now ? parking.Until - now : TimeSpan.Zero)} left): runs that touch nothing of this one may pass",
                Tone.Warning
            );
        foreach (var watch in reading.Watches.Values)
            yield return WatchLine(watch);
        yield return ScreenLine.Of(
            $"way back: {WayBackWords.Of(reading, WayBack.Of(reading, to: null), Known).Cost}",
            Tone.Faint
        );
        if (said is not null)
            yield return ScreenLine.Of(said, Tone.Warning);
    }

    private Measurements Known => measuring is { IsCompletedSuccessfully: true } read ? read.Result : Measurements.None;

    private static ScreenLine WatchLine(WatchReading watch)
    {
        if (watch.Windows is not [.., var (_, window)])
            return $"watch {watch.Name}: no sample yet";
        return new([
            new(window.Failed == 0 ? "● " : "○ ", window.Failed == 0 ? Tone.Good : Tone.Bad),
            new(
                FormattableString.Invariant(
                    $"watch {watch.Name}: {window.MedianMs:0.0} ms, at most {window.GreatestMs:0.0} ms, {watch.Failed:#,0} of {watch.Count:#,0} failed"
                ),
                Tone.Plain
            ),
        ]);
    }
}
