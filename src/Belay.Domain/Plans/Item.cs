using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Belay.Domain.Plans;

/// <summary>One node of the plan tree. A closed hierarchy; the kinds are those of plan files, with <c>use</c> put in place and <c>when</c> decided.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "item")]
[JsonDerivedType(typeof(DoItem), "do")]
[JsonDerivedType(typeof(CheckItem), "check")]
[JsonDerivedType(typeof(PhaseItem), "phase")]
[JsonDerivedType(typeof(ParallelItem), "parallel")]
[JsonDerivedType(typeof(EachItem), "each")]
[JsonDerivedType(typeof(SoakItem), "soak")]
[JsonDerivedType(typeof(ApproveItem), "approve")]
[JsonDerivedType(typeof(ConfirmItem), "confirm")]
[JsonDerivedType(typeof(DuringItem), "during")]
public abstract record Item
{
    private protected Item() { }

    /// <summary>Unique in the plan. The plan's own <c>id</c>, a phase's name, or the parent's id and the place in it (<c>preflight.2</c>). A step inside a loop runs as <c>ID@MEMBER</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What people read: the plan's own <c>name</c>, or words made from the item.</summary>
    public required string Title { get; init; }

    /// <summary>What the plan's author accepts that users will notice; null: nothing.</summary>
    public Impact? Impact { get; init; }

    /// <summary>The versions that components have once the item is done, by component; null: it moves none.</summary>
    public ImmutableSortedDictionary<string, string>? Moves { get; init; }

    /// <summary>The items directly inside this one; empty for a step without any.</summary>
    [JsonIgnore]
    public virtual ImmutableArray<Item> Children => [];
}

/// <summary>What users will notice of a step, said beforehand.</summary>
public sealed record Impact
{
    /// <summary>The route that is touched.</summary>
    public required string Route { get; init; }

    /// <summary>For how long at most.</summary>
    public required TimeSpan AtMost { get; init; }

    /// <summary>Why that is acceptable.</summary>
    public required string Reason { get; init; }
}

/// <summary>A change.</summary>
public sealed record DoItem : Item
{
    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>Its inputs; texts may hold references that are resolved when the step starts.</summary>
    public required JsonElement With { get; init; }

    /// <summary>The id of the backup step through which this change is taken back; null when it has a way back of its own, or none.</summary>
    public string? Restore { get; init; }

    /// <summary>How old that backup may be when the change begins; null: 24 hours.</summary>
    public TimeSpan? BackupAge { get; init; }

    /// <summary>Within which transient failures are retried and the work must end. Default 1 hour.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>A check.</summary>
public sealed record CheckItem : Item
{
    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>Its inputs; texts may hold references that are resolved when the step starts.</summary>
    public required JsonElement With { get; init; }

    /// <summary>How long to go on asking until it holds. Default 0: ask once.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.Zero;

    /// <summary>How long it must go on holding. Default 0: once is enough.</summary>
    public TimeSpan For { get; init; } = TimeSpan.Zero;

    /// <summary>How often to ask while waiting. Default 1 second.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>A named sequence.</summary>
public sealed record PhaseItem : Item
{
    /// <summary>Its items, run one after the other.</summary>
    public required ImmutableArray<Item> Steps { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<Item> Children => Steps;
}

/// <summary>A group whose items run at the same time.</summary>
public sealed record ParallelItem : Item
{
    /// <summary>Its items.</summary>
    public required ImmutableArray<Item> Steps { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<Item> Children => Steps;
}

/// <summary>A rolling loop: its sequence is run for each member.</summary>
public sealed record EachItem : Item
{
    /// <summary>The name by which the steps refer to the member: <c>${server.new}</c>.</summary>
    public required string Variable { get; init; }

    /// <summary>The members: an array, or a text that is one reference to an earlier step's output.</summary>
    public required JsonElement Over { get; init; }

    /// <summary>How many members go first, one at a time, and are never tolerated. Default 0.</summary>
    public int Canary { get; init; }

    /// <summary>How many members run at the same time after the canary. Default 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>How many members may fail, be undone and set aside before the loop halts. Default 0.</summary>
    public int Tolerate { get; init; }

    /// <summary>What is done for each member, one after the other.</summary>
    public required ImmutableArray<Item> Steps { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<Item> Children => Steps;
}

/// <summary>Waiting while the watches hold. Exactly one of the two measures is given.</summary>
public sealed record SoakItem : Item
{
    /// <summary>How long; only time that was sampled counts.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How many good samples of <see cref="Watch"/>.</summary>
    public int? Samples { get; init; }

    /// <summary>The watch whose samples count; null: all watches.</summary>
    public string? Watch { get; init; }
}

/// <summary>Waiting until a person approves.</summary>
public sealed record ApproveItem : Item
{
    /// <summary>Who may approve: a role or a name.</summary>
    public required string By { get; init; }

    /// <summary>Who may not: <c>starter</c> is the person who started the run; null: nobody is left out.</summary>
    public string? Not { get; init; }

    /// <summary>How many different people. Default 1.</summary>
    public int Count { get; init; } = 1;
}

/// <summary>A manual step: a person does it, says so, and may write what they saw.</summary>
public sealed record ConfirmItem : Item
{
    /// <summary>What the person has to do.</summary>
    public required string Instructions { get; init; }

    /// <summary>Who: a role or a name; null: anybody.</summary>
    public string? By { get; init; }
}

/// <summary>A group under a condition.</summary>
public sealed record DuringItem : Item
{
    /// <summary>How the condition ends.</summary>
    public required DuringMode Mode { get; init; }

    /// <summary>The change that brings the condition about; undoing it ends the condition.</summary>
    public required DoItem Condition { get; init; }

    /// <summary>How long a freeze may last at most; null for a hold.</summary>
    public TimeSpan? AtMost { get; init; }

    /// <summary>Ids of steps that a hold leaves out.</summary>
    public ImmutableArray<string> Exempt { get; init; } = [];

    /// <summary>What runs under the condition, one after the other.</summary>
    public required ImmutableArray<Item> Steps { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<Item> Children => Steps;
}

/// <summary>How the condition of a <see cref="DuringItem"/> ends.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DuringMode>))]
public enum DuringMode
{
    /// <summary>Ends with the group, with a halt, and at its deadline in any case.</summary>
    [JsonStringEnumMemberName("freeze")]
    Freeze,

    /// <summary>Outlasts a halt; ends when the group is done, rolled back or abandoned.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,
}
