using Belay.Domain.Journal;

namespace Belay.Cli.Screens;

/// <summary>What a change would do, as people read it.</summary>
internal static class ForeseenText
{
    public static IEnumerable<ScreenLine> Of(ForeseenChange change)
    {
        yield return new([
            new($"{change.Step}", Tone.Strong),
            new($"  {change.Operation}, reversal {change.Reversal.ToString().ToLowerInvariant()}", Tone.Faint),
        ]);
        switch (change.Outlook)
        {
            case Outlook.Done:
                yield return ScreenLine.Of("    nothing to do", Tone.Good);
                break;
            case Outlook.Differs:
                foreach (var line in change.Difference ?? [])
                    yield return ScreenLine.Of($"    {EventWords.Line(line)}", Tone.Warning);
                if (change.UndoCost is { } cost)
                    yield return ScreenLine.Of($"    taking it back: {cost}", Tone.Faint);
                break;
            case Outlook.Later:
                yield return ScreenLine.Of($"    known only during the run: {change.Why}", Tone.Faint);
                break;
            default:
                yield return ScreenLine.Of($"    cannot be observed now: {change.Why}", Tone.Bad);
                break;
        }
        if (change.After is { } before)
            yield return ScreenLine.Of(
                $"    may still change: '{before}' before it works on the same thing",
                Tone.Faint
            );
    }
}
