using Belay.Cli.Screens;
using Belay.Domain.Readings;

namespace Belay.Cli.Status;

/// <summary>The status as people read it, at 3 a.m. too: what happened, where, what state the system is in, what to do. Pure.</summary>
internal static class StatusText
{
    public static IEnumerable<ScreenLine> Of(StatusReport status, DateTimeOffset now)
    {
        var (word, tone) = Headline(status.Standing);
        yield return new([
            new($"{status.Upgrade} {status.From} -> {status.To} on {status.Environment}: ", Tone.Strong),
            new(word, tone),
            new($" since {status.Since:u} ({Words.Ago(now - status.Since)})", Tone.Plain),
        ]);
        yield return $"run {status.Run}, started {status.StartedAt:u} by {status.StartedBy} on {status.Host}; {status.Done} of {status.Total} steps done";
        if (status.Engine is { } engine)
            yield return $"{(status.Parked is null ? "at work on it" : "stays with it")}: {engine}";
        yield return "";
        if (status.Parked is { } parked)
        {
            yield return Labelled("parked", $"until {parked.Until:u}, when '{parked.Step}' is over; watches go on");
            if (parked.Waits is { } waits)
                yield return Labelled("it would wake", waits, Tone.Warning);
            yield return Labelled("runs may pass", Passing(parked));
        }
        if (status.Why is { } why)
            yield return Labelled("what happened", why, Tone.Bad);
        if (status.Step is { } about)
            yield return Labelled("where", Where(about));
        foreach (var step in status.Steps.Where(step => step != status.Step))
            yield return Labelled(
                Label(status, step),
                step.Why is { } reason ? $"{Where(step)}: {reason}" : Where(step)
            );
        foreach (var member in status.SetAside)
            yield return Labelled("set aside", $"{member.Member} of '{member.Step}': {member.Why}", Tone.Warning);
        foreach (var risk in status.Accepted)
            yield return Labelled("accepted", $"'{risk.Step}': {risk}", Tone.Warning);
        yield return Labelled("the system", Changes(status));
        if (!IsClosed(status.Standing))
            yield return Labelled("way back", status.WayBack.Cost);
        if (status.TimeLeft is { } left)
            yield return Labelled("time left", ForecastText.Words(left));
        foreach (var watch in status.Watches)
            yield return Labelled(
                $"watch {watch.Watch}",
                Words.Watch(watch),
                watch.FailedWhy is null ? Tone.Plain : Tone.Bad
            );
        yield return "";
        yield return ScreenLine.Of("what you can do", Tone.Strong);
        foreach (var way in status.Ways)
        {
            yield return $"  {way.What}:";
            yield return ScreenLine.Of($"      {way.Command}", Tone.Good);
        }
    }

    private static (string Word, Tone Tone) Headline(Standing standing) =>
        standing switch
        {
            Standing.Running => ("running", Tone.Good),
            Standing.Waiting => ("waiting for a person", Tone.Warning),
            Standing.RollingBack => ("going back", Tone.Warning),
            Standing.Parked => ("parked", Tone.Good),
            Standing.ParkedAlone => ("PARKED, AND NOBODY STAYS WITH IT", Tone.Bad),
            Standing.Died => ("THE ENGINE DIED", Tone.Bad),
            Standing.Halted => ("HALTED", Tone.Bad),
            Standing.HaltedWaiting => ("HALTED, waiting for a person", Tone.Warning),
            Standing.InDoubt => ("HALTED, IN DOUBT", Tone.Bad),
            Standing.Done => ("done", Tone.Good),
            Standing.Failed => ("FAILED before anything was changed", Tone.Bad),
            Standing.RefusedByCheck => ("REFUSED by a check before anything was changed", Tone.Bad),
            Standing.RolledBack => ("rolled back", Tone.Warning),
            Standing.Abandoned => ("abandoned", Tone.Warning),
            _ => throw new ArgumentOutOfRangeException(nameof(standing)),
        };

    private static string Passing(ParkedStatus parked) =>
        parked.NobodyPasses is { } why
            ? $"none: what this one touches cannot all be told: {why}"
            : $"that touch none of {Words.List(parked.Resources)}";

    private static string Label(StatusReport status, StepStatus step) =>
        status.Engine is null && step.State == StepState.Running ? "was under way" : step.State.InWords();

    /// <summary>What is closed is not taken back any more.</summary>
    private static bool IsClosed(Standing standing) =>
        standing
            is Standing.Done
                or Standing.Failed
                or Standing.RefusedByCheck
                or Standing.RolledBack
                or Standing.Abandoned;

    private static ScreenLine Labelled(string label, string text, Tone tone = Tone.Plain) =>
        new([new($"{label, -15} ", Tone.Faint), new(text, tone)]);

    private static string Where(StepStatus step) =>
        $"'{step.Step}'{(step.Title == step.Step ? "" : $" ({step.Title})")}{(step.Where is { } place ? $" at {place}" : "")}";

    private static string Changes(StatusReport status)
    {
        if (status.ChangesStanding.IsEmpty)
            return $"no change of this run stands: it is as it was before, release {status.From}";
        var partly = status.Steps.Where(step => status.ChangesStanding.Contains(step.Step)).ToArray();
        return $"{status.ChangesStanding.Length} {(status.ChangesStanding.Length == 1 ? "change stands" : "changes stand")}: {Words.List(status.ChangesStanding)}"
            + (partly.Length == 0 ? "" : $"; perhaps only in part: {Words.List(partly.Select(step => step.Step))}");
    }
}
