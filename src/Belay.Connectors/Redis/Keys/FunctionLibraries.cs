using System.Collections.Immutable;
using Belay.Connectors.Redis.Wire;

namespace Belay.Connectors.Redis.Keys;

/// <summary>The libraries of server-side functions, as their source code, which both Redis and Valkey load.</summary>
internal static class FunctionLibraries
{
    /// <summary>Each library's name with its code (FUNCTION LIST WITHCODE).</summary>
    public static async Task<ImmutableSortedDictionary<string, string>> ReadAsync(
        RedisClient client,
        CancellationToken ct
    )
    {
        var reply = await client.CallAsync(ct, "FUNCTION", "LIST", "WITHCODE");
        return reply
            .AsMany()
            .Select(library =>
                library
                    .AsMany()
                    .Chunk(2)
                    .ToDictionary(pair => pair[0].AsText(), pair => pair[1], StringComparer.Ordinal)
            )
            .ToImmutableSortedDictionary(
                library => library["library_name"].AsText(),
                library => library["library_code"].AsText(),
                StringComparer.Ordinal
            );
    }

    /// <summary>The commands that lead from the libraries that are there to those wanted. Pure.</summary>
    public static IEnumerable<RespCommand> Changes(
        ImmutableSortedDictionary<string, string> present,
        ImmutableSortedDictionary<string, string> wanted
    ) =>
        [
            .. present.Keys.Except(wanted.Keys).Select(name => RespCommand.Of("FUNCTION", "DELETE", name)),
            .. wanted
                .Where(library => present.GetValueOrDefault(library.Key) != library.Value)
                .Select(library => Load(library.Value)),
        ];

    /// <summary>The command that loads a library, whatever is there of that name.</summary>
    public static RespCommand Load(string code) => RespCommand.Of("FUNCTION", "LOAD", "REPLACE", code);
}
