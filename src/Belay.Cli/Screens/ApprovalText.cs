using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Screens;

/// <summary>What an approval covers, as people read it before they give it. Pure.</summary>
internal static class ApprovalText
{
    public static IEnumerable<ScreenLine> Of(RunReading reading, ApprovalRequested requested)
    {
        yield return ScreenLine.Of(
            $"'{requested.Step}' of run {reading.Run}, {reading.Plan!.Upgrade} {reading.Plan.From} -> {reading.Plan.To} on {reading.Plan.Environment}: what comes after it would do this now",
            Tone.Strong
        );
        foreach (var line in (requested.Foreseen ?? []).SelectMany(ForeseenText.Of))
            yield return line;
        if (requested.Foreseen is null or [])
            yield return "  no change comes after it";
        yield return ScreenLine.Of($"covers {requested.Covers}", Tone.Faint);
    }
}
