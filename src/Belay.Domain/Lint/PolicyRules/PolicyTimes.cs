using System.Globalization;
using Belay.Domain.Environments;
using Belay.Domain.Plans;

namespace Belay.Domain.Lint.PolicyRules;

/// <summary>A run starts, and goes on, only when the environment takes changes.</summary>
internal static class PolicyTimes
{
    public const string WindowCode = "policy-window";

    public const string FreezeCode = "policy-freeze";

    /// <summary>Whether a code is about a moment, and not about the plan.</summary>
    public static bool IsAbout(string code) => code is WindowCode or FreezeCode;

    public static IEnumerable<Finding> Check(Plan plan, ChangeCalendar calendar, DateTimeOffset now, Severity severity)
    {
        var finding = calendar.At(now) switch
        {
            CalendarAnswer.Closed closed => Of(
                WindowCode,
                $"{plan.Environment} takes changes only {string.Join(", ", calendar.Windows)}",
                Opens(closed.Opens, calendar.Windows[0].Zone)
            ),
            CalendarAnswer.Frozen frozen => Of(
                FreezeCode,
                $"{plan.Environment} takes no changes from {frozen.Freeze}: {frozen.Freeze.Reason}",
                Opens(frozen.Opens, frozen.Freeze.Zone)
            ),
            _ => null,
        };
        return finding is null ? [] : [finding with { Severity = severity }];
    }

    private static string Opens(DateTimeOffset? opens, TimeZoneInfo zone) =>
        opens is { } at
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the next window opens {TimeZoneInfo.ConvertTime(at, zone):yyyy-MM-dd HH:mm} {zone.Id} ({at:u}); a rollback is always allowed"
            )
            : "no window opens in the next two years; a rollback is always allowed";

    private static Finding Of(string code, string message, string hint) =>
        new()
        {
            Code = code,
            Step = Finding.WholePlan,
            Message = message,
            Hint = hint,
        };
}
