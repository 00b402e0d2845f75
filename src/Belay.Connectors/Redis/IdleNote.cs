using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Redis;

/// <summary>What a proof of disuse over a cycle keeps in the run's folder from one look to the next, also when Belay is killed in between.</summary>
internal sealed record IdleNote
{
    private static readonly Lazy<IdleJson> Json = new(() => new IdleJson(BelayJson.NewOptions()));

    /// <summary>How much time without any use was watched.</summary>
    public required TimeSpan Watched { get; init; }

    /// <summary>The server's process (run_id); its counters begin with it.</summary>
    public required string Server { get; init; }

    /// <summary>How often each command had run at the end of the last look.</summary>
    public required ImmutableSortedDictionary<string, long> Calls { get; init; }

    /// <summary>The note of this step; null when there is none, or one that was torn by a loss of power: then the cycle begins anew.</summary>
    public static IdleNote? Read(IScope scope)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(scope)), Json.Value.IdleNote);
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps it in place of the one before.</summary>
    public void Write(IScope scope)
    {
        var draft = $"{FileOf(scope)}.new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, Json.Value.IdleNote));
        File.Move(draft, FileOf(scope), overwrite: true);
    }

    private static string FileOf(IScope scope) => Path.Combine(scope.WorkingFolder, $"{scope.Token}.idle.json");
}
