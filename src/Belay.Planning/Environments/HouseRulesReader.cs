using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Environments;
using Belay.Domain.Evidence;
using Belay.Domain.Lint;
using Belay.Planning.Yaml;

namespace Belay.Planning.Environments;

/// <summary>Reads what an environment demands of plans (<c>policies</c>), and which findings its people accept (<c>accept</c>).</summary>
internal sealed class HouseRulesReader(Fields environment, Problems problems)
{
    private static readonly Dictionary<string, DayOfWeek> Days = Enum.GetValues<DayOfWeek>()
        .ToDictionary(day => day.ToString()[..3].ToLowerInvariant(), day => day);

    public HouseRules Read() =>
        new()
        {
            Policies = environment.Map("policies") is { } policies ? ReadPolicies(policies) : Policies.None,
            Acceptances =
            [
                .. Entries(
                        "accept",
                        environment,
                        "{ code: no-canary, step: roll, by: NAME, reason: WHY, until: 2027-01-31 }"
                    )
                    .Select(ReadAcceptance)
                    .OfType<Acceptance>(),
            ],
        };

    private Policies ReadPolicies(MapNode map)
    {
        var fields = new Fields(map, problems);
        var soak = Inner(fields, "soak");
        var approvals = Inner(fields, "approvals");
        var policies = new Policies
        {
            SoakBeforeNever = soak?.Time("before-never") ?? TimeSpan.Zero,
            SoakEachPhase = soak?.Time("each-phase") ?? TimeSpan.Zero,
            Approvers = approvals?.Count("least", least: 1) ?? 0,
            SelfApproval = approvals?.Has("self") != true || approvals.Flag("self"),
            SignaturesRequired = ReadSignatures(fields),
            Calendar = new ChangeCalendar
            {
                Windows =
                [
                    .. Entries(
                            "windows",
                            fields,
                            "{ days: [mon, tue], from: \"09:00\", to: \"16:00\", zone: Europe/Berlin }"
                        )
                        .Select(ReadWindow)
                        .OfType<ChangeWindow>(),
                ],
                Freezes =
                [
                    .. Entries(
                            "freezes",
                            fields,
                            "{ from: 2026-12-18, to: 2027-01-06, zone: Europe/Berlin, reason: WHY }"
                        )
                        .Select(ReadFreeze)
                        .OfType<ChangeFreeze>(),
                ],
            },
            Protected = [.. (fields.List("protected")?.Elements ?? []).Select(fields.AsText).OfType<string>()],
        };
        soak?.End();
        approvals?.End();
        fields.End();
        return policies;
    }

    private static bool ReadSignatures(Fields fields)
    {
        if (fields.Take("signatures") is not { } node || fields.AsText(node) is not { } text)
            return false;
        if (text != "required")
            fields.Wrong(node, "required, or nothing");
        return true;
    }

    private Fields? Inner(Fields fields, string key) => fields.Map(key) is { } map ? new Fields(map, problems) : null;

    private IEnumerable<Fields> Entries(string key, Fields fields, string example)
    {
        foreach (var element in fields.List(key)?.Elements ?? [])
        {
            if (element is MapNode map)
            {
                yield return new Fields(map, problems);
                continue;
            }
            problems.Report(
                DiagnosticCodes.WrongValue,
                element.At,
                $"expected an entry of '{key}', not {element.What}",
                $"write {example}"
            );
        }
    }

    private ChangeWindow? ReadWindow(Fields fields)
    {
        var days = fields.Required("days", "a list of mon, tue, wed, thu, fri, sat, sun") is { } node
            ? fields.AsList(node)?.Elements.Select(day => Day(fields, day)).OfType<DayOfWeek>().ToImmutableSortedSet()
            : null;
        var (from, to) = (Time(fields, "from"), Time(fields, "to"));
        var zone = Zone(fields);
        fields.End();
        return days is null || from is null || to is null || zone is null
            ? null
            : new ChangeWindow
            {
                Days = days,
                From = from.Value,
                To = to.Value,
                Zone = zone,
            };
    }

    private ChangeFreeze? ReadFreeze(Fields fields)
    {
        var (from, to) = (Moment(fields, "from", isEnd: false), Moment(fields, "to", isEnd: true));
        var zone = Zone(fields);
        var reason = fields.RequiredText("reason", "why nothing may be changed");
        fields.End();
        if (from >= to)
            problems.Report(
                DiagnosticCodes.WrongValue,
                fields.PlaceOf("to"),
                "the freeze ends before it begins",
                "'to' is the last day, or the time at which it is over"
            );
        return from is null || to is null || zone is null || reason is null
            ? null
            : new ChangeFreeze
            {
                From = from.Value,
                To = to.Value,
                Zone = zone,
                Reason = reason,
            };
    }

    private Acceptance? ReadAcceptance(Fields fields)
    {
        var code = fields.RequiredText("code", "the code of the finding");
        var step = fields.RequiredText("step", "the step of the finding; 'plan' when it is about none");
        var by = fields.RequiredText("by", "the person who accepts it");
        var reason = fields.RequiredText("reason", "why that is acceptable");
        var until = Date(fields, "until", "the last day on which it counts, for instance 2027-01-31");
        var signature = Inner(fields, "signature") is { } signed ? ReadSignature(signed) : null;
        fields.End();
        return code is null || step is null || by is null || reason is null || until is null
            ? null
            : new Acceptance
            {
                Code = code,
                Step = step,
                By = by,
                Reason = reason,
                Until = until.Value,
                Signature = signature,
                At = fields.At,
            };
    }

    private static FactSignature? ReadSignature(Fields fields)
    {
        var key = fields.RequiredText("key", "the id of the key: belay accept writes it");
        var value = fields.RequiredText("value", "the signature: belay accept writes it");
        var on = fields.Required("on", "when it was signed: belay accept writes it") is { } node
            ? SignedOn(fields, node)
            : null;
        fields.End();
        return key is null || value is null || on is null
            ? null
            : new FactSignature
            {
                Key = key,
                On = on.Value,
                Value = value,
            };
    }

    private static DateTimeOffset? SignedOn(Fields fields, Node node)
    {
        if (fields.AsText(node) is not { } text)
            return null;
        if (
            DateTimeOffset.TryParseExact(
                text,
                "O",
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out var on
            )
        )
            return on;
        fields.Wrong(node, "the time as belay accept writes it");
        return null;
    }

    private DayOfWeek? Day(Fields fields, Node node)
    {
        if (fields.AsText(node) is not { } text)
            return null;
        if (Days.TryGetValue(text.ToLowerInvariant(), out var day))
            return day;
        problems.Report(
            DiagnosticCodes.WrongValue,
            node.At,
            $"there is no day '{text}'",
            problems.Nearest.Hint(text, Days.Keys, "days")
        );
        return null;
    }

    private static TimeOnly? Time(Fields fields, string key)
    {
        if (
            fields.Required(key, "a time of the day, for instance \"09:30\"") is not { } node
            || fields.AsText(node) is not { } text
        )
            return null;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        fields.Wrong(node, "a time of the day such as \"09:30\"");
        return null;
    }

    private static DateOnly? Date(Fields fields, string key, string what)
    {
        if (fields.Required(key, what) is not { } node || fields.AsText(node) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        fields.Wrong(node, "a date such as 2027-01-31");
        return null;
    }

    /// <summary>A moment, or a whole day: from its beginning, or to its end.</summary>
    private static DateTime? Moment(Fields fields, string key, bool isEnd)
    {
        if (
            fields.Required(key, "a date such as 2026-12-18, or with a time: \"2026-12-18 18:00\"") is not { } node
            || fields.AsText(node) is not { } text
        )
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            // The last day that there is has no next one.
            return (isEnd && day < DateOnly.MaxValue ? day.AddDays(1) : day).ToDateTime(TimeOnly.MinValue);
        if (
            DateTime.TryParseExact(
                text,
                "yyyy-MM-dd HH:mm",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var moment
            )
        )
            return moment;
        fields.Wrong(node, "a date such as 2026-12-18, or with a time such as \"2026-12-18 18:00\"");
        return null;
    }

    private TimeZoneInfo? Zone(Fields fields)
    {
        if (
            fields.Required("zone", "the time zone by its IANA name, for instance Europe/Berlin or Etc/UTC")
                is not { } node
            || fields.AsText(node) is not { } name
        )
            return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return zone;
        problems.Report(
            DiagnosticCodes.WrongValue,
            node.At,
            $"this machine knows no time zone '{name}'",
            problems.Nearest.Hint(name, [.. TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id)], "zones")
                ?? "write its IANA name, such as Europe/Berlin; the machine needs its time zone data (package tzdata)"
        );
        return null;
    }
}
