using System.Collections.Immutable;
using Belay.Domain.Contract;
using Belay.Domain.Plans;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning;

/// <summary>Reads what a plan states of releases: <c>releases: { 4.1.0: { schema: { db: { least: 41, greatest: 42 } } } }</c>.</summary>
internal static class ReleaseReader
{
    public static ImmutableSortedDictionary<string, ReleaseFacts>? Read(
        MapNode? releases,
        Session session,
        FileScope scope
    ) =>
        releases is null
            ? null
            : Values(releases, session, scope, "what is known of the release")
                .ToImmutableSortedDictionary(
                    release => release.Key,
                    release => Facts(release.Fields, session, scope),
                    StringComparer.Ordinal
                );

    private static ReleaseFacts Facts(Fields fields, Session session, FileScope scope)
    {
        var schema = fields.Map("schema");
        fields.End();
        return new ReleaseFacts
        {
            Schema = (
                schema is null ? [] : Values(schema, session, scope, "a window of schema versions")
            ).ToImmutableSortedDictionary(
                store => store.Key,
                store => Window(store.Fields, session.Problems),
                StringComparer.Ordinal
            ),
        };
    }

    private static SchemaWindow Window(Fields fields, Problems problems)
    {
        var window = new SchemaWindow(fields.Count("least", least: 0), fields.Count("greatest", least: 0));
        fields.End();
        if (window.Least > window.Greatest)
            problems.Report(
                DiagnosticCodes.WrongValue,
                fields.At,
                $"the window ends at {window.Greatest}, before it begins at {window.Least}",
                "least is the oldest schema that the release can live with, greatest the newest"
            );
        return window;
    }

    private static IEnumerable<(string Key, Fields Fields)> Values(
        MapNode map,
        Session session,
        FileScope scope,
        string what
    )
    {
        foreach (var member in map.Members)
        {
            if (member.Value is MapNode inner)
            {
                yield return (member.Key, session.Fields(inner, scope));
                continue;
            }
            session.Problems.Report(
                DiagnosticCodes.WrongValue,
                member.Value.At,
                $"expected {what}, not {member.Value.What}",
                "write { schema: { CONNECTION: { least: 41, greatest: 42 } } }"
            );
        }
    }
}
