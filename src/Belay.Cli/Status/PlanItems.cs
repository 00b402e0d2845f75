using System.Runtime.CompilerServices;
using Belay.Domain.Plans;

namespace Belay.Cli.Status;

/// <summary>Finds the item of a plan to which a step of a run belongs.</summary>
internal static class PlanItems
{
    private static readonly ConditionalWeakTable<Plan, Dictionary<string, Item>> Known = [];

    /// <summary>The item of a step; inside a loop without its member. Null when the plan, mended since, no longer has it.</summary>
    public static Item? Find(Plan plan, string step) =>
        Known.GetValue(plan, Index).GetValueOrDefault(WithoutMember(step));

    /// <summary>The id as the plan has it: <c>drain@web1</c> becomes <c>drain</c>.</summary>
    public static string WithoutMember(string step) =>
        step.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? step[..at] : step;

    private static Dictionary<string, Item> Index(Plan plan) =>
        plan.AllItems().ToDictionary(item => item.Id, StringComparer.Ordinal);
}
