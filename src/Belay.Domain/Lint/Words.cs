using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>Values as messages name them.</summary>
internal static class Words
{
    /// <summary>A window of schema versions: <c>42 to 43</c>, <c>42 or later</c>.</summary>
    public static string Of(SchemaWindow window) =>
        (window.Least, window.Greatest) switch
        {
            ({ } least, { } greatest) => least == greatest ? $"{least}" : $"{least} to {greatest}",
            ({ } least, null) => $"{least} or later",
            (null, { } greatest) => $"{greatest} or earlier",
            _ => "any",
        };
}
