using System.Collections.Immutable;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning.Items;

/// <summary>Reads items of all kinds. Each kind has a file of its own.</summary>
internal sealed partial class ItemReader(Session session)
{
    private static readonly ImmutableArray<string> Kinds =
    [
        "do",
        "check",
        "phase",
        "parallel",
        "each",
        "soak",
        "approve",
        "confirm",
        "use",
        "during",
    ];

    private Problems Problems => session.Problems;

    /// <summary>Reads a list of items.</summary>
    public ImmutableArray<Item> ReadAll(ListNode? list, StepPlace? parent, FileScope scope)
    {
        if (list is null)
            return [];
        if (list.Elements.IsEmpty)
            Problems.Report(DiagnosticCodes.WrongValue, list.At, "there are no steps here", "give at least one");
        var items = ImmutableArray.CreateBuilder<Item>(list.Elements.Length);
        for (var i = 0; i < list.Elements.Length; i++)
        {
            if (Read(list.Elements[i], i + 1, parent, scope) is { } item)
                items.Add(item);
        }
        return items.ToImmutable();
    }

    private Item? Read(Node node, int number, StepPlace? parent, FileScope scope)
    {
        if (node is not MapNode map)
        {
            Problems.Report(
                DiagnosticCodes.ItemKind,
                node.At,
                $"expected a step, not {node.What}",
                $"a step is a map with one of {string.Join(", ", Kinds)}"
            );
            return null;
        }
        if (KindOf(map) is not { } kind)
            return null;
        var fields = session.Fields(map, scope);
        // Where no id is given, the place in the group tells the step from its neighbours.
        var place = (parent is null ? scope.Prefix : parent.Id) is { Length: > 0 } group
            ? $"{group}.{number}"
            : $"{number}";
        if (IsLeftOut(fields, scope, out var why))
        {
            LeaveOut(map, kind, place, why, scope);
            return null;
        }
        return ReadKind(new Reading(fields, scope, parent, place), kind);
    }

    private Item? ReadKind(Reading reading, string kind)
    {
        var item = kind switch
        {
            "do" => ReadDo(reading),
            "check" => ReadCheck(reading),
            "phase" => ReadPhase(reading),
            "parallel" => ReadParallel(reading),
            "each" => ReadLoop(reading),
            "soak" => ReadSoak(reading),
            "approve" => ReadApprove(reading),
            "confirm" => ReadConfirm(reading),
            "use" => ReadUse(reading),
            _ => ReadDuring(reading),
        };
        var moves = ReadMoves(reading);
        reading.Fields.End();
        return item is null || moves is null ? item : item with { Moves = moves };
    }

    /// <summary>The one key that says what the item is.</summary>
    private string? KindOf(MapNode map)
    {
        var found = map.Members.Where(m => Kinds.Contains(m.Key)).ToArray();
        switch (found)
        {
            case [var only]:
                return only.Key;
            case [{ Key: "phase" }, { Key: "each" }] or [{ Key: "each" }, { Key: "phase" }]:
                return "phase";
            case []:
                Problems.Report(DiagnosticCodes.ItemKind, map.At, "the step says nothing to do", KindHint(map));
                return null;
            default:
                Problems.Report(
                    DiagnosticCodes.ItemKind,
                    found[1].KeyAt,
                    $"a step is either '{found[0].Key}' or '{found[1].Key}', not both",
                    "make two steps of it"
                );
                return null;
        }
    }

    private string KindHint(MapNode map)
    {
        foreach (var member in map.Members)
        {
            if (Problems.Nearest.Of(member.Key, Kinds) is { } near)
                return $"did you mean '{near}' instead of '{member.Key}'?";
        }
        return $"give one of {string.Join(", ", Kinds)}";
    }

    /// <summary>One item while it is read.</summary>
    private sealed record Reading(Fields Fields, FileScope Scope, StepPlace? Parent, string Place);
}
