using System.Collections.Immutable;
using System.Globalization;

namespace Belay.Domain.Lint;

/// <summary>Takes the findings away that people have accepted; entries that accept nothing are findings themselves.</summary>
internal static class Acceptances
{
    public const string UnknownCode = "accept-unknown";

    public const string UnusedCode = "accept-unused";

    public const string ExpiredCode = "accept-expired";

    public static Judgement Apply(ImmutableArray<Finding> findings, ImmutableArray<Acceptance> entries, DateOnly today)
    {
        var judged = Take(findings, entries, today);
        var found = findings.Select(finding => (finding.Code, finding.Step)).ToHashSet();
        return judged with
        {
            Findings = [.. judged.Findings, .. entries.Select(entry => Problem(entry, found, today)).OfType<Finding>()],
        };
    }

    /// <summary>The same, without a word on entries that accept nothing: they may be about what is not judged now.</summary>
    public static Judgement Take(ImmutableArray<Finding> findings, ImmutableArray<Acceptance> entries, DateOnly today)
    {
        var valid = entries
            .Where(entry => entry.Until >= today)
            .DistinctBy(entry => (entry.Code, entry.Step))
            .ToDictionary(entry => (entry.Code, entry.Step));
        return new(
            [.. findings.Where(finding => !valid.ContainsKey((finding.Code, finding.Step)))],
            [
                .. findings
                    .Where(finding => valid.ContainsKey((finding.Code, finding.Step)))
                    .Select(finding => Risk(finding, valid[(finding.Code, finding.Step)])),
            ]
        );
    }

    /// <summary>The finding that a person accepted once: it stands again unless somebody still accepts it.</summary>
    public static Finding Again(AcceptedRisk risk) =>
        new()
        {
            Code = risk.Code,
            Step = risk.Step,
            Message = risk.Risk,
            Hint = string.Create(
                CultureInfo.InvariantCulture,
                $"{risk.By} accepted it until {risk.Until:yyyy-MM-dd}, and the environment accepts it no more: let a person accept it anew, mend the plan, or roll back"
            ),
        };

    private static AcceptedRisk Risk(Finding finding, Acceptance entry) =>
        new()
        {
            Code = finding.Code,
            Step = finding.Step,
            Risk = finding.Message,
            By = entry.By,
            Reason = entry.Reason,
            Until = entry.Until,
            Signature = entry.Signature,
        };

    private static Finding? Problem(Acceptance entry, HashSet<(string Code, string Step)> found, DateOnly today) =>
        !LintCodes.All.Contains(entry.Code)
            ? Of(
                entry,
                UnknownCode,
                Severity.Error,
                $"'{entry.Code}' is no finding of lint",
                "see the codes in docs/guide/lint"
            )
        : entry.Until < today
            ? Of(
                entry,
                ExpiredCode,
                Severity.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.By} accepted {entry.Code} of '{entry.Step}' only until {entry.Until:yyyy-MM-dd}"
                ),
                "mend the plan; or let a person accept it anew"
            )
        : !found.Contains((entry.Code, entry.Step))
            ? Of(
                entry,
                UnusedCode,
                Severity.Warning,
                $"{entry.By} accepts {entry.Code} of '{entry.Step}', which this plan does not have",
                "take the entry away when no other plan needs it"
            )
        : null;

    private static Finding Of(Acceptance entry, string code, Severity severity, string message, string hint) =>
        new()
        {
            Code = code,
            Step = entry.Step,
            Message = message,
            Hint = hint,
            Severity = severity,
            At = entry.At,
        };
}
