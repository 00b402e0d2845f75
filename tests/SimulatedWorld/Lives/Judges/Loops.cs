using System.Globalization;
using System.Text.Json;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>Loops: who their members are, and who of them may be set aside.</summary>
internal sealed class Loops(Session session)
{
    public static string KeyOf(JsonElement value, int index = 0) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("name", out var name) ? name.GetString()!
        : (index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>The members as far as they are known; null: only the run will tell.</summary>
    public IReadOnlyList<string>? MembersOf(EachItem each) =>
        session.Reading.Find(each.Id)?.Members is { } members ? [.. members.Select(member => member.Key)]
        : each.Over.ValueKind == JsonValueKind.Array ? Keys(each.Over)
        : null;

    public void Before(JournalEvent happened)
    {
        switch (happened)
        {
            case EachStarted started:
                Judge(started, session.ItemOf<EachItem>(started.Step)!);
                break;
            case MemberSetAside aside:
                Judge(aside, session.ItemOf<EachItem>(aside.Step)!);
                break;
            case StepFailed failed when session.ItemOf<EachItem>(failed.Step) is not null:
                session.Accuse($"{failed.Step} is a loop, and failed as a step");
                break;
        }
    }

    /// <summary>Whether what a member failed over may halt the run.</summary>
    public bool MayHalt(Reason reason)
    {
        var member = reason.Suffix[1..];
        return session
            .Plan.AllItems()
            .OfType<EachItem>()
            .Any(each =>
                session.Reading.Find(each.Id)?.Members?.Any(known => known.Key == member) == true
                && MayHalt(each, member, reason)
            );
    }

    /// <summary>Loops at their turn that have nothing to walk.</summary>
    public IEnumerable<Reason> Unwalkable() =>
        session
            .Plan.AllItems()
            .OfType<EachItem>()
            .Where(each =>
                each.Over.ValueKind == JsonValueKind.String
                && !session.Forward!.Freezes.IsLeftOver(each)
                && session.Reading.Find(each.Id)?.Members is null
                && session.IsItsTurn(each.Id)
                && session.Forward!.Inputs.Resolved(each.Over, "") is not { ValueKind: JsonValueKind.Array }
            )
            .Select(each => new Reason(HaltCause.StepFailed, each.Id, null, session.Now, ""));

    private bool MayHalt(EachItem each, string member, Reason reason)
    {
        var loop = session.Reading.Find(each.Id)!;
        var others = session.Reasons.All.Count(other => other.Suffix.Length > 0 && other.Suffix != reason.Suffix);
        return reason.Cause is not (HaltCause.StepFailed or HaltCause.CheckFailed)
            || loop.Members!.Value.Take(each.Canary).Any(canary => canary.Key == member)
            || loop.SetAside.Count + others >= each.Tolerate
            || session.Reasons.All.Any(known => known.Suffix.Length == 0);
    }

    private void Judge(EachStarted started, EachItem each)
    {
        var left = session
            .Reading.Steps.Values.SelectMany(known => known.SetAside.Keys)
            .ToHashSet(StringComparer.Ordinal);
        var over = session.Forward!.Inputs.Resolved(each.Over, PlanOrder.Split(started.Step).Suffix);
        var right = over is { ValueKind: JsonValueKind.Array } list
            ? Keys(list).Where(key => !left.Contains(key)).ToArray()
            : null;
        if (right?.SequenceEqual(started.Members.Select(member => member.Key)) != true)
        {
            session.Accuse(
                $"{started.Step} walks [{string.Join(", ", started.Members)}], not [{string.Join(", ", right ?? [])}]"
            );
        }
        else if (
            !started.Members.All(member => over!.Value.EnumerateArray().Any(value => Json.Same(value, member.Value)))
        )
        {
            session.Accuse($"{started.Step} has members with other values");
        }
    }

    private void Judge(MemberSetAside aside, EachItem each)
    {
        var loop = session.Reading.Find(aside.Step)!;
        if (loop.SetAside.Count >= each.Tolerate)
            session.Accuse(
                $"{aside.Member} is set aside, the {loop.SetAside.Count + 1}. of {each.Tolerate} that are tolerated"
            );
        var reason = session.Reasons.Absorb("@" + aside.Member);
        if (reason is null || (reason.Why is { } why && why != aside.Why))
            session.Accuse($"{aside.Member} is set aside over '{aside.Why}', and it failed over {reason}");
        else if (reason.Cause is not (HaltCause.StepFailed or HaltCause.CheckFailed))
            session.Accuse($"{aside.Member} is set aside over {reason.Cause}");
    }

    private static string[] Keys(JsonElement list) =>
        [.. list.EnumerateArray().Select((value, index) => KeyOf(value, index)).Distinct(StringComparer.Ordinal)];
}
