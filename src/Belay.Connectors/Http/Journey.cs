using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Http;

/// <summary>Inputs of <c>http.journey</c>.</summary>
public sealed record JourneyInputs
{
    /// <summary>The absolute URL before all paths, http or https.</summary>
    public required string Url { get; init; }

    /// <summary>The requests, in order. They write data that bears <c>{mark}</c> and verify it.</summary>
    public required ImmutableArray<Visit> Visits { get; init; }

    /// <summary>The requests that take away what the visits wrote. Sent after them, and after a visit that failed. An answer 404 or 410 is as good as what they expect.</summary>
    public required ImmutableArray<Visit> CleanUp { get; init; }

    /// <summary>How long each answer may take. Default 10 seconds.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Certificates (PEM) to trust in place of the machine's. Default: the machine's.</summary>
    [FileInput]
    public string? CaFile { get; init; }
}

/// <summary>The states of <c>http.journey</c>.</summary>
public sealed record JourneyState
{
    /// <summary>Whether this run has made the journey and cleaned up after it.</summary>
    public required bool Done { get; init; }

    /// <summary>The answers, in order.</summary>
    public ImmutableArray<VisitState> Visits { get; init; } = [];
}

/// <summary>An answer to a visit.</summary>
public sealed record VisitState
{
    /// <summary>The request.</summary>
    public required string Request { get; init; }

    /// <summary>The status code.</summary>
    public required int Status { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required double LatencyMs { get; init; }
}

/// <summary>Walks a user's path: writes marked data, verifies it, and cleans up.</summary>
internal sealed class Journey(JourneyInputs inputs, IScope scope, HttpSender sender)
    : IChange<JourneyState>,
        IDisposable
{
    private const string Mark = "mark";
    private readonly TrailFile file = new(scope);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<JourneyInputs, JourneyState>(
            "http.journey",
            "Walk a user's path: write marked data, verify it, and clean up",
            options => new JourneyJson(options),
            Reversal.Exact,
            inputs =>
                [new Touch(HttpCall.Resource(inputs.Url), TouchKind.Modify) { Address = HttpCall.Address(inputs.Url) }],
            (inputs, scope) =>
                new Journey(
                    inputs,
                    scope,
                    new HttpSender(
                        inputs.CaFile is { } ca ? scope.PathOf(ca) : null,
                        follow: false,
                        inputs.Limit,
                        scope.Clock
                    )
                ),
            validate: Problems
        );

    public Repeat Repeat => Repeat.Safe;

    public ValueTask<JourneyState> ObserveAsync(CancellationToken ct)
    {
        var trail = file.Read();
        return ValueTask.FromResult(
            trail is { Done: true }
                ? new JourneyState { Done = true, Visits = trail.Visits }
                : new JourneyState { Done = false }
        );
    }

    public Difference Plan(JourneyState observed) =>
        observed.Done
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    $"journey of {inputs.Visits.Length} requests to {HttpCall.Shown(inputs.Url)}",
                    null,
                    "made, and cleaned up"
                )
            );

    public bool Same(JourneyState a, JourneyState b) => a.Done == b.Done;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        JourneyState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (file.Read() is { Done: true })
            yield break;
        yield return Progress.Say("cleaning up after an earlier attempt, if there was one");
        await CleanUpAsync(ct);
        var attempt = (file.Read()?.Attempt ?? 0) + 1;
        var trail = new Trail { Attempt = attempt, Values = MarkOf(attempt) };
        file.Write(trail);
        for (var i = 0; i < inputs.Visits.Length; i++)
        {
            yield return Progress.Count(i, inputs.Visits.Length, "requests");
            trail = await VisitAsync(inputs.Visits[i], trail, ct);
        }
        yield return Progress.Count(inputs.Visits.Length, inputs.Visits.Length, "requests", "cleaning up");
        await CleanUpAsync(ct);
        file.Write(trail with { Values = MarkOf(attempt), Clean = true, Done = true });
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        JourneyState before,
        JourneyState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say("cleaning up");
        await CleanUpAsync(ct);
        // The number of attempts stays: another one must not use the same mark.
        if (file.Read() is { } trail)
            file.Write(trail with { Done = false });
    }

    public void Dispose() => sender.Dispose();

    private ImmutableSortedDictionary<string, string> MarkOf(int attempt) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Mark, $"{scope.Token}-{attempt}");

    private async Task<Trail> VisitAsync(Visit visit, Trail trail, CancellationToken ct)
    {
        try
        {
            var next = await AskAsync(visit, trail, ct);
            file.Write(next);
            return next;
        }
        catch (OperationException failure)
        {
            await CleanUpAfterAsync(failure, ct);
            throw;
        }
    }

    private async Task<Trail> AskAsync(Visit visit, Trail trail, CancellationToken ct)
    {
        var call = visit.Call(inputs.Url, new Placeholders(trail.Values));
        var answer = await sender.SendAsync(call, ct);
        var state = Judgement.State(answer, visit.Expect, [.. visit.Keep.Values], call.Name);
        if (string.Join("; ", Judgement.Mismatches(state, visit.Expect)) is { Length: > 0 } why)
            throw OperationException.Refused($"{call.Name}: {why}");
        var values = trail.Values;
        foreach (var (name, path) in visit.Keep)
            values = state.Values.TryGetValue(path, out var value)
                ? values.SetItem(name, value.ToString())
                : throw OperationException.Refused($"{call.Name}: the answer has no {path} to keep as {name}");
        var seen = new VisitState
        {
            Request = call.Name,
            Status = state.Status,
            LatencyMs = state.LatencyMs,
        };
        return trail with { Values = values, Visits = trail.Visits.Add(seen) };
    }

    private async Task CleanUpAfterAsync(OperationException failure, CancellationToken ct)
    {
        try
        {
            await CleanUpAsync(ct);
        }
        catch (OperationException second)
        {
            throw OperationException.OutcomeUnknown(
                $"{failure.Message}; and cleaning up failed: {second.Message}",
                failure
            );
        }
    }

    /// <summary>Takes away what the last attempt may have written; does nothing when that was done.</summary>
    private async Task CleanUpAsync(CancellationToken ct)
    {
        if (file.Read() is not { Clean: false } trail)
            return;
        var values = new Placeholders(trail.Values);
        // A clean-up that needs a value which was never kept has nothing to take away: the visit that keeps it comes first.
        foreach (var visit in inputs.CleanUp.Where(v => v.CanCall(trail.Values)))
        {
            var call = visit.Call(inputs.Url, values);
            var answer = await sender.SendAsync(call, ct);
            if (answer.Status is 404 or 410)
                continue;
            var state = Judgement.State(answer, visit.Expect, [], call.Name);
            if (string.Join("; ", Judgement.Mismatches(state, visit.Expect)) is { Length: > 0 } why)
                throw OperationException.Refused($"clean-up, {call.Name}: {why}: take the marked data away by hand");
        }
        file.Write(trail with { Clean = true });
    }

    private static IEnumerable<InputProblem> Problems(JourneyInputs inputs) =>
        [
            .. HttpCall.Problem(inputs.Url) is { } problem
                ? [new InputProblem("url", problem)]
                : Array.Empty<InputProblem>(),
            .. inputs.Visits.IsEmpty
                ? [new InputProblem("visits", "is empty: a journey has at least one request")]
                : Array.Empty<InputProblem>(),
            .. inputs.Visits.SelectMany((v, i) => v.Problems($"visits.{i}")),
            .. inputs.CleanUp.SelectMany((v, i) => v.Problems($"clean-up.{i}")),
        ];
}

[JsonSerializable(typeof(JourneyInputs))]
[JsonSerializable(typeof(JourneyState))]
internal sealed partial class JourneyJson : JsonSerializerContext;
