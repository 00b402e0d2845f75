using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Http;

/// <summary>Inputs of <c>http.get</c>.</summary>
public sealed record GetHttpInputs
{
    /// <summary>The absolute URL, http or https.</summary>
    public required string Url { get; init; }

    /// <summary>Headers of the request. Default: none.</summary>
    public ImmutableSortedDictionary<string, Secret> Headers { get; init; } =
        ImmutableSortedDictionary<string, Secret>.Empty;

    /// <summary>What the answer must be. Default: a status from 200 to 299.</summary>
    public Expectation Expect { get; init; } = new();

    /// <summary>Paths of values in the JSON answer to keep in the state. Default: the numbers of its first level.</summary>
    public ImmutableArray<string> Keep { get; init; } = [];

    /// <summary>How long the answer may take before the check fails to read. Default 10 seconds.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether redirects are followed. Default false.</summary>
    public bool Follow { get; init; }

    /// <summary>Certificates (PEM) to trust in place of the machine's. Default: the machine's.</summary>
    [FileInput]
    public string? CaFile { get; init; }
}

/// <summary>Asks a service and compares the answer.</summary>
internal sealed class GetHttp(GetHttpInputs inputs, HttpSender sender) : ICheck<AnswerState>, IDisposable
{
    private readonly HttpCall call = new()
    {
        Method = HttpMethod.Get,
        Url = inputs.Url,
        Name = $"GET {HttpCall.Shown(inputs.Url)}",
        Headers = inputs.Headers,
    };

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<GetHttpInputs, AnswerState>(
            "http.get",
            "The answer to a GET request is as expected",
            options => new GetHttpJson(options),
            inputs =>
                [
                    new Touch(HttpCall.Resource(inputs.Url), TouchKind.Read)
                    {
                        Address = HttpCall.Address(inputs.Url),
                        // An answer that says no proves nothing of what serves.
                        Proves = inputs.Expect.Status is null or (>= 200 and <= 299) ? Proof.Serves : Proof.Nothing,
                    },
                ],
            (inputs, scope) =>
                new GetHttp(
                    inputs,
                    new HttpSender(
                        inputs.CaFile is { } file ? scope.PathOf(file) : null,
                        inputs.Follow,
                        inputs.Limit,
                        scope.Clock
                    )
                ),
            validate: Problems
        );

    public async ValueTask<AnswerState> ObserveAsync(CancellationToken ct) =>
        Judgement.State(await sender.SendAsync(call, ct), inputs.Expect, inputs.Keep, HttpCall.Shown(inputs.Url));

    public Verdict Judge(AnswerState observed) =>
        string.Join("; ", Judgement.Mismatches(observed, inputs.Expect)) is { Length: > 0 } why
            ? new Verdict.NotYet($"{call.Name}: {why}")
            : Verdict.Ok;

    public void Dispose() => sender.Dispose();

    private static IEnumerable<InputProblem> Problems(GetHttpInputs inputs) =>
        [
            .. HttpCall.Problem(inputs.Url) is { } problem
                ? [new InputProblem("url", problem)]
                : Array.Empty<InputProblem>(),
            .. Judgement.Problems(inputs.Expect, "expect"),
        ];
}

[JsonSerializable(typeof(GetHttpInputs))]
[JsonSerializable(typeof(AnswerState))]
internal sealed partial class GetHttpJson : JsonSerializerContext;
