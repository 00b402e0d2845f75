using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Evidence;
using Belay.Domain.Lint;
using Belay.Planning.Environments;
using Belay.Planning.Yaml;
using PlanReferences = Belay.Domain.Plans.References;
using Reference = Belay.Domain.Plans.Reference;

namespace Belay.Planning;

/// <summary>An environment as its file describes it: <c>environments/NAME.yaml</c> beside the plan. Secrets are read at the moment of use and never kept in the file's tree.</summary>
public sealed class EnvironmentFile : ILiveEnvironment
{
    /// <summary>The environment that needs no file.</summary>
    public const string DefaultName = "default";

    private readonly Lock gate = new();
    private readonly HashSet<string> revealed = [];

    internal EnvironmentFile(string name) => Name = name;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Several machines run upgrades of this environment, so a journal that protects one machine is not enough. Default false.</summary>
    public bool Shared { get; internal init; }

    /// <summary>Who may act in which role: the names of people, by role. A person may always act under their own name.</summary>
    public FrozenDictionary<string, ImmutableArray<string>> Roles { get; internal init; } =
        FrozenDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>What the environment demands of plans, and which findings its people accept.</summary>
    public HouseRules House { get; internal init; } = HouseRules.None;

    /// <summary>The keys of people, and whether they must sign.</summary>
    public Signers Signers { get; internal init; } = Signers.None;

    /// <summary>A soak that has longer than this to go parks its run; null: the environment says nothing.</summary>
    public TimeSpan? ParkAfter { get; internal init; }

    internal MapNode? Values { get; init; }

    internal FrozenDictionary<string, NamedConnection> Connections { get; init; } =
        FrozenDictionary<string, NamedConnection>.Empty;

    internal FrozenDictionary<string, SecretSource> Secrets { get; init; } =
        FrozenDictionary<string, SecretSource>.Empty;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Revealed
    {
        get
        {
            lock (gate)
                return [.. revealed];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Identified =>
        [
            .. Connections
                .Where(named => named.Value.Definition.Type.IsAssignableTo(typeof(IIdentified)))
                .Select(named => named.Key)
                .Order(StringComparer.Ordinal),
        ];

    /// <inheritdoc/>
    public ValueTask<string?> IdentifyAsync(string connection, TimeProvider clock, CancellationToken ct) =>
        ((IIdentified)Settings(connection, Connections[connection])).IdentifyAsync(clock, ct);

    /// <inheritdoc/>
    public T Connection<T>(string name)
        where T : class
    {
        if (!Connections.TryGetValue(name, out var connection))
            throw OperationException.Refused(
                $"the environment '{Name}' has no connection '{name}'; it has {Listed(Connections.Keys)}"
            );
        if (connection.Definition.Type != typeof(T))
            throw OperationException.Refused(
                $"the connection '{name}' of the environment '{Name}' is of the kind {connection.Kind}, which this operation cannot use"
            );
        return (T)Settings(name, connection);
    }

    private object Settings(string name, NamedConnection connection)
    {
        var settings = PlanReferences.Resolve(connection.Settings, Text);
        try
        {
            return settings.Deserialize(connection.Definition.Settings)!;
        }
        catch (JsonException)
        {
            // The message of the exception may hold a secret.
            throw OperationException.Refused(
                $"the settings of the connection '{name}' of the environment '{Name}' do not fit: one of its secrets has a value of the wrong kind"
            );
        }
    }

    /// <inheritdoc/>
    public string Secret(string name)
    {
        if (!Secrets.TryGetValue(name, out var source))
            throw OperationException.Refused(
                $"the environment '{Name}' has no secret '{name}'; it has {Listed(Secrets.Keys)}"
            );
        var value = source.Read(name);
        lock (gate)
        {
            if (value.Length > 0)
                revealed.Add(value);
        }
        return value;
    }

    private JsonElement? Text(Reference reference) =>
        reference.Root == Reference.Secret
            ? JsonSerializer.SerializeToElement(Secret(reference.Path[0]), EnvironmentJson.Default.String)
            : null;

    private static string Listed(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";
}
