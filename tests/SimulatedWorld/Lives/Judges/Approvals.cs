using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Boundaries;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What an approval shows: every later change, as its target looks at that moment.</summary>
internal sealed class Approvals(Session session)
{
    private readonly Dictionary<string, Difference?> looks = new(StringComparer.Ordinal);
    private string? voided;

    /// <summary>A look ahead at a step.</summary>
    public void Look(string step, BoundChange change, JsonElement? state)
    {
        if (session.Reading.Find(step) is { State: StepState.Done })
            session.Accuse($"{step} is done, and was looked at");
        looks[step] = state is { } seen ? change.Plan(seen) : null;
    }

    /// <summary>The approval under which a change would now do more than was shown; null: it does not, or nothing binds it.</summary>
    public string? WhyGrown(string step, Difference now) =>
        session.Reading.ApprovedChanges.GetValueOrDefault(step) is { } known
        && known.Shown.IsBinding
        && known.Shown.Grown(now).Length > 0
            ? known.Approval
            : null;

    public void Voids(string approval) => voided = approval;

    public void Before(JournalEvent happened)
    {
        if (voided is { } gone)
        {
            voided = null;
            if (happened is not ApprovalVoided { Step: var named } || named != gone)
                session.Accuse($"more is to be done than '{gone}' approved, and it is not voided");
        }
        else if (happened is ApprovalVoided && !session.Mends.IsVoiding)
        {
            session.Accuse($"nothing voids {happened}");
        }
        if (happened is ApprovalRequested asked && session.ItemOf<ApproveItem>(asked.Step) is { } item)
            Judge(asked, item);
    }

    private void Judge(ApprovalRequested asked, ApproveItem item)
    {
        var right = Foreseen(asked.Step);
        if (right.Any(change => change is null))
            return;
        var shown = asked.Foreseen ?? [];
        if (asked.By != item.By)
            session.Accuse($"{asked.Step} may be given by {item.By}, and {asked.By} is asked");
        for (var i = 0; i < Math.Max(shown.Length, right.Count); i++)
        {
            var (is_, should) = (shown.ElementAtOrDefault(i), right.ElementAtOrDefault(i));
            if (is_ is null || should is null || Words(is_) != Words(should))
                session.Accuse(
                    $"{asked.Step} shows {(is_ is null ? "nothing" : Words(is_))}, and not {(should is null ? "nothing" : Words(should))}"
                );
        }
        if (asked.Covers != ApprovalCover.Hash(session.Reading.PlanHash, shown))
            session.Accuse($"{asked.Step} covers something else than it shows");
        looks.Clear();
    }

    private static string Words(ForeseenChange change) =>
        $"{change.Step} {change.Operation} {change.Reversal} {change.Outlook} [{string.Join("; ", change.Difference ?? [])}] {change.UndoCost} after {change.After} {(change.Why is null ? "" : "why")}";

    private List<ForeseenChange?> Foreseen(string approval)
    {
        var shown = new List<ForeseenChange?>();
        var known = new List<(string Step, ImmutableArray<Touch> Touches)>();
        string? unknown = null;
        foreach (var (item, suffix) in Later(approval))
        {
            var step = item.Id + suffix;
            var planned = Boundary.ReversalOf(item, Toys.Catalog);
            var change = new ForeseenChange
            {
                Step = step,
                Operation = item.Operation,
                Reversal = planned,
                Outlook = Outlook.Unknown,
                Why = "",
            };
            var inputs = session.Forward!.Inputs.Resolved(item.With, suffix, isLook: true);
            if (inputs is { } open && References.In(open).Any())
            {
                change = change with { Outlook = Outlook.Later };
            }
            else if (inputs is not null)
            {
                if (!looks.TryGetValue(step, out var look))
                {
                    session.Accuse($"{step} comes after {approval}, and was not looked at");
                    return [null];
                }
                if (look is { } left)
                {
                    var touches = Toys.Catalog.Find(item.Operation)!.TouchesOf(inputs.Value);
                    change = change with
                    {
                        Outlook = left.IsEmpty ? Outlook.Done : Outlook.Differs,
                        Difference = left.IsEmpty ? null : left.Lines,
                        Reversal = planned > left.Reversal ? planned : left.Reversal,
                        UndoCost = left.UndoCost,
                        After =
                            touches
                                .Select(touch =>
                                    known
                                        .Where(before =>
                                            before.Touches.Any(old =>
                                                old.Resource == touch.Resource && old.Kind != TouchKind.Read
                                            )
                                        )
                                        .Select(before => before.Step)
                                        .FirstOrDefault()
                                )
                                .FirstOrDefault(found => found is not null)
                            ?? unknown,
                        Why = null,
                    };
                    known.Add((step, touches));
                }
            }
            if (change.Outlook is Outlook.Later or Outlook.Unknown)
                unknown ??= step;
            shown.Add(change);
        }
        return shown;
    }

    /// <summary>The changes after an approval that are not done, in the order of the plan; an approval inside a loop speaks for its own member.</summary>
    private IEnumerable<(DoItem Item, string Suffix)> Later(string approval)
    {
        var own = PlanOrder.Split(approval).Suffix;
        return Flat(session.Plan.Steps, "")
            .SkipWhile(known => known.Item.Id + known.Suffix != approval)
            .Where(known =>
                known.Item is DoItem
                && (own.Length == 0 || known.Suffix == own)
                && session.Reading.Find(known.Item.Id + known.Suffix)?.State != StepState.Done
            )
            .Select(known => ((DoItem)known.Item, known.Suffix));
    }

    /// <summary>The changes, checks and approvals of items, loops unrolled as far as their members are known.</summary>
    public IEnumerable<(Item Item, string Suffix)> Flat(ImmutableArray<Item> items, string suffix) =>
        items.SelectMany(item =>
            item switch
            {
                DoItem or CheckItem or ApproveItem => [(item, suffix)],
                DuringItem during => Flat([during.Condition, .. during.Steps], suffix),
                EachItem each when session.Forward!.Loops.MembersOf(each) is { } members => members.SelectMany(member =>
                    Flat(each.Steps, $"{suffix}@{member}")
                ),
                _ => Flat(item.Children, suffix),
            }
        );
}
