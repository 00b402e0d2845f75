using Belay.Domain.Contract;
using Belay.Domain.Environments;

namespace SimulatedWorld;

/// <summary>An environment whose systems are what a test says that they are.</summary>
public sealed class SimulatedEnvironment(World world) : ILiveEnvironment
{
    private readonly HashSet<string> revealed = new(StringComparer.Ordinal);

    /// <summary>The ids that the systems give themselves, by connection; null: it has none; a system that is not to be read throws.</summary>
    public IDictionary<string, Func<string?>> Ids { get; } =
        new Dictionary<string, Func<string?>>(StringComparer.Ordinal);

    public string Name => "default";

    /// <summary>The secrets, by name.</summary>
    public IDictionary<string, string> Secrets { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Revealed => [.. revealed];

    public IReadOnlyCollection<string> Identified => [.. Ids.Keys];

    public ValueTask<string?> IdentifyAsync(string connection, TimeProvider clock, CancellationToken ct) =>
        ValueTask.FromResult(Ids[connection]());

    public T Connection<T>(string name)
        where T : class => world as T ?? throw OperationException.Refused($"no connection '{name}' here");

    public string Secret(string name)
    {
        if (!Secrets.TryGetValue(name, out var value))
            throw OperationException.Refused($"no secret '{name}' here");
        revealed.Add(value);
        return value;
    }
}
