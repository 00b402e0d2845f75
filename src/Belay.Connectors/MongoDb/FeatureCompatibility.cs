using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Belay.Connectors.MongoDb.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.MongoDb;

/// <summary>Which feature compatibility version to set.</summary>
public sealed record FeatureCompatibilityInputs
{
    /// <summary>The server.</summary>
    [Connection("mongodb")]
    public required string Connection { get; init; }

    /// <summary>The version, as <c>7.0</c>: at most the server's own. From then on data may be written that an older server cannot read.</summary>
    public required string To { get; init; }
}

/// <summary>What a server says of its versions.</summary>
public sealed record FeatureCompatibilityState
{
    /// <summary>The feature compatibility version.</summary>
    public required string Version { get; init; }

    /// <summary>A change to this version was begun and has not come to its end; null: none was.</summary>
    public string? Target { get; init; }

    /// <summary>The server's own version.</summary>
    public required string Server { get; init; }
}

/// <summary>Raises the feature compatibility version (https://www.mongodb.com/docs/manual/reference/command/setFeatureCompatibilityVersion/).</summary>
internal sealed partial class FeatureCompatibility : IChange<FeatureCompatibilityState>
{
    // From 7.0 on the command asks to be confirmed, because the way back needs the vendor's support.
    private const int ConfirmFrom = 7;
    private readonly FeatureCompatibilityInputs inputs;
    private readonly Server server;

    private FeatureCompatibility(FeatureCompatibilityInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<MongoDbSettings>(inputs.Connection), inputs.Connection, scope.Clock);
    }

    /// <summary>The definition of <c>mongodb.feature-compatibility</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<FeatureCompatibilityInputs, FeatureCompatibilityState>(
            "mongodb.feature-compatibility",
            "Raises the feature compatibility version of a server or a replica set, for good",
            options => new MongoFeatureCompatibilityJson(options),
            Reversal.Never,
            inputs => [new Touch($"mongodb:{inputs.Connection}", TouchKind.Modify)],
            (inputs, scope) => new FeatureCompatibility(inputs, scope),
            validate: Validate
        );

    /// <inheritdoc/>
    /// <remarks>Begun and not ended, the command is run again, and goes on.</remarks>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<FeatureCompatibilityState> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenAsync(ct);
        var ask = new BsonBuilder().Add("getParameter", 1).Add("featureCompatibilityVersion", 1);
        var reply = await session.RunAsync("admin", ask, ct);
        var build = await session.RunAsync("admin", new BsonBuilder().Add("buildInfo", 1), ct);
        var state = new FeatureCompatibilityState
        {
            Version =
                reply.At("featureCompatibilityVersion.version")?.AsText()
                ?? throw OperationException.Refused($"{server.Place} does not say its feature compatibility version"),
            Target = reply.At("featureCompatibilityVersion.targetVersion")?.AsText(),
            Server = build["version"]!.Value.AsText(),
        };
        RefuseOtherWays(state);
        return state;
    }

    /// <inheritdoc/>
    public Difference Plan(FeatureCompatibilityState observed) =>
        observed.Version == inputs.To && observed.Target is null
            ? Difference.None
            : Difference.Of(
                Reversal.Never,
                new DifferenceLine($"feature compatibility version of {inputs.Connection}", observed.Version, inputs.To)
            );

    /// <inheritdoc/>
    public bool Same(FeatureCompatibilityState a, FeatureCompatibilityState b) =>
        a.Version == b.Version && a.Target == b.Target;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        FeatureCompatibilityState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await ObserveAsync(ct);
        if (Plan(now).IsEmpty)
            yield break;
        yield return Progress.Say($"setting {inputs.To}");
        var command = new BsonBuilder().Add("setFeatureCompatibilityVersion", inputs.To);
        if (Number(now.Server).Major >= ConfirmFrom)
            command.Add("confirm", true);
        await using var session = await server.OpenAsync(ct);
        await session.RunAsync("admin", command, ct);
    }

    /// <inheritdoc/>
    /// <remarks>Never called.</remarks>
    public IAsyncEnumerable<Progress> UndoAsync(
        FeatureCompatibilityState before,
        FeatureCompatibilityState? after,
        CancellationToken ct
    ) => throw OperationException.Refused($"{server.Place}: this cannot be taken back");

    private void RefuseOtherWays(FeatureCompatibilityState state)
    {
        var to = Number(inputs.To);
        if (to.CompareTo(Number(state.Version)) < 0)
            throw OperationException.Refused(
                $"{server.Place}: the feature compatibility version is {state.Version}; lowering it to {inputs.To} is not covered"
            );
        if (to.CompareTo(Number(state.Server)) > 0)
            throw OperationException.Refused(
                $"{server.Place}: the server is {state.Server}, and cannot have the feature compatibility version {inputs.To}"
            );
    }

    private static (int Major, int Minor) Number(string version)
    {
        var parts = version.Split('.');
        return (
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0
        );
    }

    private static IEnumerable<InputProblem> Validate(FeatureCompatibilityInputs inputs)
    {
        if (!Shape().IsMatch(inputs.To))
            yield return new InputProblem("to", "a feature compatibility version is written as 7.0, in quotes");
    }

    [GeneratedRegex("^[1-9][0-9]?[.][0-9]$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}

[JsonSerializable(typeof(FeatureCompatibilityInputs))]
[JsonSerializable(typeof(FeatureCompatibilityState))]
internal sealed partial class MongoFeatureCompatibilityJson : JsonSerializerContext;
