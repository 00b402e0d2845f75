using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Cli.Work;

/// <summary>What one change would do now.</summary>
internal sealed record ChangePreview
{
    public required string Step { get; init; }

    public required string Operation { get; init; }

    public required Reversal Reversal { get; init; }

    public required Outlook Outlook { get; init; }

    /// <summary>What it would alter; empty unless the outlook is <c>differs</c>.</summary>
    public ImmutableArray<DifferenceLine> Difference { get; init; } = [];

    /// <inheritdoc cref="Domain.Contract.Difference.UndoCost"/>
    public string? UndoCost { get; init; }

    /// <summary>Why nothing can be told now; null when something can.</summary>
    public string? Why { get; init; }
}

/// <summary>What can be told of a change before the run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outlook>))]
internal enum Outlook
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
