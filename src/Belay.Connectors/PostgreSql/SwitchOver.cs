using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Belay.Connectors.PostgreSql.Moving;
using Belay.Domain.Contract;
using Belay.Domain.Json;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Leads the writes from a database to its copy under a short freeze, and back in the same way: the one that is left follows the one that is used.</summary>
/// <remarks>The order of the steps, and what a crash leaves between each two, stands in the connector's README.</remarks>
internal sealed class SwitchOver(SwitchOverInputs inputs, IScope scope) : IChange<SwitchOverState>
{
    private static readonly TimeSpan LeastFreeze = TimeSpan.FromSeconds(1);
    private static readonly Lazy<SwitchOverContext> Json = new(() => new SwitchOverContext(BelayJson.NewOptions()));
    private long? freezeMs = scope.Checkpoint?.Deserialize(Json.Value.SwitchOverCheckpoint)?.FreezeMs;

    /// <summary>The definition of <c>postgresql.switch-over</c>.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<SwitchOverInputs, SwitchOverState>(
            "postgresql.switch-over",
            "Leads the writes from a database to its copy under a short freeze; the old one follows from then on",
            options => new SwitchOverContext(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch($"postgresql:{inputs.From}", TouchKind.Freeze),
                    new Touch($"postgresql:{inputs.From}", TouchKind.RouteAway),
                    new Touch($"postgresql:{inputs.To}", TouchKind.RouteTo) { Writer = inputs.To },
                    .. (inputs.Pooler?.File ?? inputs.Switch?.File) is { } file
                        ? [new Touch($"file:{file}", TouchKind.Modify)]
                        : ImmutableArray<Touch>.Empty,
                    new Touch($"postgresql:{inputs.From}", TouchKind.Thaw),
                    // The old one follows from then on: that is the way back.
                    new Touch($"postgresql:{inputs.From}", TouchKind.Modify) { Copies = $"postgresql:{inputs.To}" },
                ],
            (inputs, scope) => new SwitchOver(inputs, scope),
            validate: Validate
        );

    /// <inheritdoc/>
    public Repeat Repeat => Repeat.Safe;

    /// <inheritdoc/>
    public async ValueTask<SwitchOverState> ObserveAsync(CancellationToken ct)
    {
        await using var stage = await Stage.OpenAsync(inputs, scope, ct);
        return await stage.ObserveAsync(freezeMs, ct);
    }

    /// <inheritdoc/>
    public Difference Plan(SwitchOverState observed)
    {
        var wanted = NewEndpoint();
        DifferenceLine?[] lines =
        [
            observed.Endpoint == wanted && (observed.Loaded ?? wanted) == wanted && !observed.Held
                ? null
                : new("services are led to", observed.Loaded ?? observed.Endpoint, wanted),
            observed.From.Admits == 0
                ? null
                : new($"sessions of {inputs.From}", "admitted", "none but those of superusers"),
            observed.To.Admits != 0
                ? null
                : new($"sessions of {inputs.To}", "none but those of superusers", "admitted"),
            observed is { From.Follows: true, To.Follows: false }
                ? null
                : new("replication", $"{inputs.To} follows {inputs.From}", $"{inputs.From} follows {inputs.To}"),
        ];
        return Difference.Of(Reversal.Exact, lines.OfType<DifferenceLine>()) with
        {
            UndoCost = $"writes frozen for at most {Duration.Format(inputs.AtMost)}",
        };
    }

    /// <inheritdoc/>
    public bool Same(SwitchOverState a, SwitchOverState b) =>
        a.Endpoint == b.Endpoint && a.Loaded == b.Loaded && a.Held == b.Held && a.From == b.From && a.To == b.To;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> ApplyAsync(
        SwitchOverState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var stage = await Stage.OpenAsync(inputs, scope, ct);
        await foreach (var progress in LeadAsync(stage, before, toNew: true, ct))
            yield return progress;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Progress> UndoAsync(
        SwitchOverState before,
        SwitchOverState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        await using var stage = await Stage.OpenAsync(inputs, scope, ct);
        await foreach (var progress in LeadAsync(stage, before, toNew: false, ct))
            yield return progress;
    }

    private async IAsyncEnumerable<Progress> LeadAsync(
        Stage stage,
        SwitchOverState before,
        bool toNew,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var old = new Place(stage.From, before.Endpoint);
        var fresh = new Place(stage.To, NewEndpoint());
        var course = new SwitchCourse(stage.Route, old, fresh, inputs.AtMost, scope);
        // A way back is measured anew: the checkpoint that it finds is that of the way there.
        var isMeasured = false;
        await foreach (var progress in course.LeadAsync(toNew, ct))
        {
            if (isMeasured || course.Freeze is not { } freeze)
            {
                yield return progress;
                continue;
            }
            isMeasured = true;
            yield return Measured(freeze, progress);
        }
    }

    private string NewEndpoint() => Stage.EndpointOf(inputs, scope);

    /// <summary>Progress that also keeps how long the freeze was.</summary>
    private Progress Measured(TimeSpan freeze, Progress progress)
    {
        freezeMs = (long)Math.Ceiling(freeze.TotalMilliseconds);
        return progress with
        {
            Checkpoint = JsonSerializer.SerializeToElement(
                new SwitchOverCheckpoint { FreezeMs = freezeMs.Value },
                Json.Value.SwitchOverCheckpoint
            ),
        };
    }

    private static IEnumerable<InputProblem> Validate(SwitchOverInputs inputs)
    {
        if (inputs.From == inputs.To)
            yield return MoveInputs.ToItself;
        if (new object?[] { inputs.Pooler, inputs.Switch, inputs.Command }.Count(way => way is not null) != 1)
            yield return new InputProblem(
                "pooler",
                "say how services are led, in one way: by pooler, by switch (a file that they read), or by command"
            );
        if (inputs.AtMost < LeastFreeze)
            yield return new InputProblem(
                "at-most",
                "a freeze needs at least 1s: its deadline must outlast the switch"
            );
        if (inputs.Switch?.Value?.Contains('\n', StringComparison.Ordinal) is true)
            yield return new InputProblem("switch.value", "a value of one line is expected");
        if (inputs.Command is { Read.IsEmpty: true } or { Lead.IsEmpty: true })
            yield return new InputProblem("command", "read and lead are a program and its arguments");
    }
}
