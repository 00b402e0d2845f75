using System.Collections.Immutable;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning;

namespace Belay.Rehearsal.Tests;

/// <summary>Plans beside the tests.</summary>
internal static class Plans
{
    public static string PathOf(string relative) => Path.Combine(AppContext.BaseDirectory, relative);

    public static Plan Load(string relative, Catalog catalog) =>
        PlanLoader.Load(PathOf(relative), "default", ImmutableDictionary<string, string>.Empty, catalog) switch
        {
            LoadResult.Loaded loaded => loaded.Plan,
            LoadResult.Refused refused => throw new InvalidOperationException(string.Join('\n', refused.Diagnostics)),
            _ => throw new InvalidOperationException("a result of no known kind"),
        };

    /// <summary>A story as text, for messages of tests.</summary>
    public static string Text(ToldStory told) =>
        $"{told.Story}: {told.Violation?.Words}\n  " + string.Join("\n  ", told.Lines.Select(line => line.Words));
}
