using System.Runtime.CompilerServices;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.OpenTofu;

/// <summary>Inputs of <c>opentofu.copy-state</c>.</summary>
public sealed record CopyStateInputs : TofuPlace
{
    /// <summary>The folder of the configuration whose backend shall have the state: a new release's folder, or the same configuration with another backend block.</summary>
    public required string To { get; init; }

    /// <summary>The folder for copies of the state, named by lineage and serial. They hold secrets (mode 0600). Default: in the run's folder.</summary>
    public string? Backups { get; init; }
}

/// <summary>What <c>opentofu.copy-state</c> sees.</summary>
public sealed record CopyStateState
{
    /// <summary>Lineage of the state that is copied.</summary>
    public string? From { get; init; }

    /// <summary>Its serial.</summary>
    public required long FromSerial { get; init; }

    /// <summary>How many resources it holds.</summary>
    public required int Resources { get; init; }

    /// <summary>Lineage of the state at the other backend; null when it has none.</summary>
    public string? To { get; init; }

    /// <summary>Its serial; 0 when there is none.</summary>
    public required long ToSerial { get; init; }

    /// <summary>Whether both hold the same.</summary>
    public required bool IsOne { get; init; }
}

/// <summary><c>opentofu.copy-state</c>: brings a state from one backend to another: from a previous release's folder to the new one's, from a file to S3, and back.</summary>
internal sealed class CopyState(CopyStateInputs inputs, IScope scope) : IChange<CopyStateState>
{
    private readonly TofuTool from = new(inputs, scope);
    private readonly TofuTool to = new(inputs with { Directory = inputs.To }, scope);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<CopyStateInputs, CopyStateState>(
            "opentofu.copy-state",
            "Copies a state to another backend: a new release's folder, S3, or back",
            options => new OpenTofuJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(inputs.Resource, TouchKind.Read),
                    new Touch(TofuPlace.ResourceOf(inputs.To), TouchKind.Modify) { Copies = inputs.Resource },
                    new Touch(FileInputs.Resource(inputs.Directory), TouchKind.Modify),
                    new Touch(FileInputs.Resource(inputs.To), TouchKind.Modify),
                    .. inputs.Backups is { } folder
                        ? [new Touch(FileInputs.Resource(folder), TouchKind.Modify)]
                        : Array.Empty<Touch>(),
                ],
            (inputs, scope) => new CopyState(inputs, scope),
            validate: inputs =>
                [
                    .. inputs.Problems(),
                    .. inputs.To == inputs.Directory
                        ? [new InputProblem("to", "is the directory itself: name the folder with the other backend")]
                        : Array.Empty<InputProblem>(),
                ]
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<CopyStateState> ObserveAsync(CancellationToken ct)
    {
        var (source, target) = (await from.PullAsync(ct), await to.PullAsync(ct));
        return new CopyStateState
        {
            From = source.Lineage,
            FromSerial = source.Serial,
            Resources = source.Resources,
            To = target.Lineage,
            ToSerial = target.Serial,
            IsOne = source.Contents == target.Contents,
        };
    }

    public Difference Plan(CopyStateState observed)
    {
        var place = scope.PathOf(inputs.To);
        if (observed.From is null || observed.Resources == 0)
            throw OperationException.Refused(
                $"{scope.PathOf(inputs.Directory)} has no state, or one that holds nothing: there is nothing to copy"
            );
        if (IsStranger(observed))
            throw OperationException.Refused(
                $"{place} has another state already (lineage {observed.To}): copying would orphan everything that it holds"
            );
        if (observed.ToSerial == observed.FromSerial && !observed.IsOne)
            throw OperationException.Refused(
                $"{place} and {scope.PathOf(inputs.Directory)} hold two states of one lineage and serial that went apart: "
                    + "find out which of them is true before anything else"
            );
        // A newer copy at the target: work went on there, and the copy is long done.
        return observed.To == observed.From && observed.ToSerial >= observed.FromSerial
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    $"state of {place}",
                    observed.To is null ? null : $"serial {observed.ToSerial}",
                    $"serial {observed.FromSerial}, {observed.Resources} resources, from {scope.PathOf(inputs.Directory)}"
                )
            );
    }

    // A copy that is left at a backend which cannot be emptied is nobody's state: the newest one counts.
    public bool Same(CopyStateState a, CopyStateState b) => a.From == b.From && IsStranger(a) == IsStranger(b);

    // A copy under another lineage is one that was cut short: see the tool's push.
    private static bool IsStranger(CopyStateState state) =>
        state.To is not null && state.To != state.From && !state.IsOne;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        CopyStateState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var state = await from.PullAsync(ct);
        yield return Progress.Say($"the state ({state.Words}) is kept as {state.Keep(Backups)}");
        await to.PushAsync(state, ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        CopyStateState before,
        CopyStateState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var (source, target) = (await from.PullAsync(ct), await to.PullAsync(ct));
        if (target.Lineage is null || target.Lineage != source.Lineage)
            yield break;
        yield return Progress.Say($"the state ({target.Words}) is kept as {target.Keep(Backups)}");
        // Work that was done on the copy goes back with it: an older state would orphan what was made since.
        if (target.Serial > source.Serial)
            await from.PushAsync(target, ct);
        // Only a file can be taken away; another backend keeps its copy, which the previous release does not read.
        if (before.To is null && await to.LocalStateAsync(ct) is { } file)
            File.Delete(file);
    }

    private string Backups =>
        inputs.Backups is { } folder ? scope.PathOf(folder) : Path.Combine(scope.WorkingFolder, "states");
}
