using System.Collections.Immutable;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Plans;

namespace Belay.Cli.Screens;

/// <summary>The boundary of a plan: what going back costs after each change. Pure.</summary>
internal static class BoundaryText
{
    public static IEnumerable<ScreenLine> Of(Plan plan, ImmutableArray<BoundaryLine> lines)
    {
        if (lines.IsEmpty)
        {
            yield return "the plan changes nothing: there is nothing to take back";
            yield break;
        }
        yield return ScreenLine.Of("what going back costs, once each change is done", Tone.Strong);
        var width = Math.Min(48, lines.Max(line => line.Step.Length));
        foreach (var line in lines)
        {
            yield return new([
                new($"  {line.Step.PadRight(width)}  ", Tone.Plain),
                new(line.Cost, ToneOf(line.Cumulative)),
                new(line.IsBoundary ? "   <- boundary" : "", Tone.Strong),
            ]);
        }
        foreach (var item in plan.AllItems().Where(item => item.Impact is not null))
            yield return $"  impact of {item.Id}: {item.Impact!.Route} for at most {Domain.Json.Duration.Format(item.Impact.AtMost)}: {item.Impact.Reason}";
    }

    private static Tone ToneOf(Reversal reversal) =>
        reversal switch
        {
            Reversal.Exact => Tone.Good,
            Reversal.Restore => Tone.Warning,
            _ => Tone.Bad,
        };
}
