using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Compatibility;
using Belay.Domain.Contract;

namespace Belay.Domain.Plans;

/// <summary>A plan file, read: normalised, inputs and environment values put in place, <c>use</c> expanded, <c>when</c> decided.</summary>
public sealed record Plan
{
    /// <summary>What is upgraded.</summary>
    public required string Upgrade { get; init; }

    /// <summary>The release that runs now.</summary>
    public required string From { get; init; }

    /// <summary>The release that shall run.</summary>
    public required string To { get; init; }

    /// <summary>The environment for which it was read.</summary>
    public required string Environment { get; init; }

    /// <summary>What is known of releases, by release; null: nothing was stated.</summary>
    public ImmutableSortedDictionary<string, ReleaseFacts>? Releases { get; init; }

    /// <summary>What works with what among the components that steps move; null: nothing was stated.</summary>
    public CompatibilityFacts? Compatibility { get; init; }

    /// <summary>Probes that run all through a run.</summary>
    public ImmutableArray<Watch> Watches { get; init; } = [];

    /// <summary>The root sequence.</summary>
    public required ImmutableArray<Item> Steps { get; init; }

    /// <summary>What <c>when</c> left out, and why.</summary>
    public ImmutableArray<LeftOut> LeftOut { get; init; } = [];

    /// <summary>Every file that the plan uses, with its hash: part of what an approval covers.</summary>
    public ImmutableArray<PlanFile> Files { get; init; } = [];

    /// <summary>Where each item stands in the plan files, by item id. No part of the hash.</summary>
    [JsonIgnore]
    public ImmutableDictionary<string, SourcePosition> Sources { get; init; } =
        ImmutableDictionary<string, SourcePosition>.Empty;

    /// <summary>All items, each before its children, in the order of the file.</summary>
    public IEnumerable<Item> AllItems() => Steps.SelectMany(Walk);

    private static IEnumerable<Item> Walk(Item item)
    {
        // A stack instead of recursion into iterators: a plan of 10,000 steps is walked in linear time.
        var stack = new Stack<Item>();
        stack.Push(item);
        while (stack.TryPop(out var top))
        {
            yield return top;
            if (top is DuringItem during)
                stack.PushAllReversed([during.Condition, .. during.Steps]);
            else
                stack.PushAllReversed(top.Children);
        }
    }
}

/// <summary>What a plan states of a release: lint orders by it, rehearsal plays it.</summary>
public sealed record ReleaseFacts
{
    /// <summary>The schema versions that its code can live with, by the connection of the store.</summary>
    public required ImmutableSortedDictionary<string, SchemaWindow> Schema { get; init; }
}

/// <summary>A probe that runs all through a run and stops it when it fails.</summary>
public sealed record Watch
{
    /// <summary>Unique among the watches.</summary>
    public required string Name { get; init; }

    /// <summary>The check that is asked.</summary>
    public required string Operation { get; init; }

    /// <summary>Its inputs.</summary>
    public required JsonElement With { get; init; }

    /// <summary>How often. Default 1 second.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many failures in a row are tolerated. Default 0.</summary>
    public int Tolerate { get; init; }
}

/// <summary>An item that <c>when</c> left out.</summary>
public sealed record LeftOut(string Id, string Why);

/// <summary>A file that a plan uses. The path is relative to the plan's folder.</summary>
public sealed record PlanFile(string Path, string Sha256);

/// <summary>A place in a file, 1-based.</summary>
public sealed record SourcePosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

internal static class StackExtensions
{
    public static void PushAllReversed(this Stack<Item> stack, ImmutableArray<Item> items)
    {
        for (var i = items.Length - 1; i >= 0; i--)
            stack.Push(items[i]);
    }
}
