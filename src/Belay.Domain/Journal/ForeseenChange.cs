using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Domain.Journal;

/// <summary>What one change would do, seen before its turn.</summary>
public sealed record ForeseenChange
{
    /// <summary>The step's id; inside a loop <c>ID@MEMBER</c>.</summary>
    public required string Step { get; init; }

    /// <summary>Its operation.</summary>
    public required string Operation { get; init; }

    /// <summary>How it could be taken back.</summary>
    public required Reversal Reversal { get; init; }

    /// <summary>What can be told now.</summary>
    public required Outlook Outlook { get; init; }

    /// <summary>What it would alter; null unless the outlook is <c>differs</c>.</summary>
    public ImmutableArray<DifferenceLine>? Difference { get; init; }

    /// <inheritdoc cref="Contract.Difference.UndoCost"/>
    public string? UndoCost { get; init; }

    /// <summary>Why nothing can be told now; null when something can.</summary>
    public string? Why { get; init; }

    /// <summary>A step before it that works on the same thing, after which it may have something else to do; null: none does.</summary>
    public string? After { get; init; }

    /// <summary>Whether an approval that showed this holds the step to it.</summary>
    [JsonIgnore]
    public bool IsBinding => After is null && Outlook is Outlook.Differs or Outlook.Done;

    /// <summary>The lines of a later difference that this one did not show.</summary>
    public ImmutableArray<DifferenceLine> Grown(Difference now) =>
        [.. now.Lines.Where(line => Difference?.Any(line.Says) != true)];
}

/// <summary>What can be told of a change before its turn.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outlook>))]
public enum Outlook
{
    /// <summary>Something is left to do.</summary>
    [JsonStringEnumMemberName("differs")]
    Differs,

    /// <summary>Nothing is left to do.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>Its inputs come from earlier steps of the run.</summary>
    [JsonStringEnumMemberName("later")]
    Later,

    /// <summary>The live system could not be read.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}
