using Belay.Domain.Lint;

namespace Belay.Cli.Screens;

/// <summary>What lint says of a plan. Pure.</summary>
internal static class JudgementText
{
    public static IEnumerable<ScreenLine> Of(Judgement judgement) =>
        [
            .. judgement.Accepted.Select(risk => ScreenLine.Of($"accepted at {risk.Step}: {risk}", Tone.Warning)),
            .. judgement.Findings.Select(finding =>
                ScreenLine.Of(finding.ToString(), finding.Severity == Severity.Error ? Tone.Bad : Tone.Warning)
            ),
        ];
}
