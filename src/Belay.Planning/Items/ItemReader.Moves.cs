using System.Collections.Immutable;
using Belay.Planning.Compatibility;

namespace Belay.Planning.Items;

internal sealed partial class ItemReader
{
    /// <summary><c>moves: { api: 5.0.0 }</c>: what runs once the item is done.</summary>
    private ImmutableSortedDictionary<string, string>? ReadMoves(Reading reading)
    {
        if (reading.Fields.Map("moves") is not { } map)
            return null;
        if (session.Compatibility is not { } facts)
        {
            Problems.Report(
                DiagnosticCodes.Component,
                reading.Fields.PlaceOf("moves"),
                "the plan does not say which components there are",
                "name the file that states them: compatibility: { file: compatibility.yaml }"
            );
            return null;
        }
        if (!reading.Scope.Loops.IsEmpty)
            Problems.Report(
                DiagnosticCodes.Component,
                reading.Fields.PlaceOf("moves"),
                "a step inside a loop moves no component: it has moved when all members have",
                "write 'moves' on the loop"
            );
        var versions = new CompatibilityReader(Problems);
        var moves = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in map.Members)
        {
            var resolved = member with { Value = session.Texts.Resolve(member.Value, reading.Scope) };
            if (versions.VersionOf(facts, resolved) is { } version)
                moves[member.Key] = version;
        }
        return moves.ToImmutable();
    }
}
