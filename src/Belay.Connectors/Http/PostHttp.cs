using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Http;

/// <summary>Inputs of <c>http.post</c>. Paths, headers and bodies may hold <c>{token}</c>, the token of the step.</summary>
public sealed record PostHttpInputs
{
    /// <summary>The absolute URL, http or https.</summary>
    public required string Url { get; init; }

    /// <summary>Headers of the request. Default: none.</summary>
    public ImmutableSortedDictionary<string, Secret> Headers { get; init; } =
        ImmutableSortedDictionary<string, Secret>.Empty;

    /// <summary>The JSON body. Default: none.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>The header that carries the step's token. Default <c>Idempotency-Key</c>.</summary>
    public string TokenHeader { get; init; } = "Idempotency-Key";

    /// <summary>What the answer must be. Default: a status from 200 to 299.</summary>
    public Expectation Expect { get; init; } = new();

    /// <summary>Paths of values in the JSON answer to keep in the state. Default: the numbers of its first level.</summary>
    public ImmutableArray<string> Keep { get; init; } = [];

    /// <summary>How the service is asked whether it has seen the token. Without it an interrupted request is settled by a person.</summary>
    public FindRequest? Find { get; init; }

    /// <summary>Whether sending it twice is harmless, without <c>find</c>. Default false.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The request that takes it back; one method with a whole URL in place of a path. An answer 404 or 410 is as good as what it expects. Default: it cannot be taken back.</summary>
    public UndoRequest? Undo { get; init; }

    /// <summary>How long an answer may take. Default 10 seconds.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Certificates (PEM) to trust in place of the machine's. Default: the machine's.</summary>
    [FileInput]
    public string? CaFile { get; init; }
}

/// <summary>A GET by which a service says whether it has carried out the work of a token.</summary>
public sealed record FindRequest
{
    /// <summary>The absolute URL, with <c>{token}</c> in it.</summary>
    public required string Url { get; init; }

    /// <summary>Headers of the request. Default: none.</summary>
    public ImmutableSortedDictionary<string, Secret> Headers { get; init; } =
        ImmutableSortedDictionary<string, Secret>.Empty;

    /// <summary>What the answer is when the work was done. 404: it was never seen. Anything else: it is being done. Default: a status from 200 to 299.</summary>
    public Expectation Expect { get; init; } = new();
}

/// <summary>A request that takes the work of a token back. It must be safe to repeat.</summary>
public sealed record UndoRequest
{
    /// <summary>The method. Default <c>DELETE</c>.</summary>
    public string Method { get; init; } = "DELETE";

    /// <summary>The absolute URL, with <c>{token}</c> in it.</summary>
    public required string Url { get; init; }

    /// <summary>Headers of the request. Default: none.</summary>
    public ImmutableSortedDictionary<string, Secret> Headers { get; init; } =
        ImmutableSortedDictionary<string, Secret>.Empty;

    /// <summary>The JSON body. Default: none.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>What the answer must be. Default: a status from 200 to 299.</summary>
    public Expectation Expect { get; init; } = new();
}

/// <summary>The states of <c>http.post</c>.</summary>
public sealed record PostState
{
    /// <summary>Whether this run's request was carried out.</summary>
    public required bool Done { get; init; }

    /// <summary>Values of the answer, by path.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Values { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}

/// <summary>Sends a request that alters something, once.</summary>
internal class PostHttp(PostHttpInputs inputs, IScope scope, HttpSender sender) : IChange<PostState>, IDisposable
{
    private const string Token = "token";
    private readonly PostMark mark = new(scope);
    private readonly Placeholders values = new(
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Token, scope.Token)
    );

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<PostHttpInputs, PostState>(
            "http.post",
            "Send a request that alters something, once",
            options => new PostHttpJson(options),
            Reversal.Never,
            inputs =>
                [new Touch(HttpCall.Resource(inputs.Url), TouchKind.Modify) { Address = HttpCall.Address(inputs.Url) }],
            Create,
            inputs => inputs.Undo is null ? Reversal.Never : Reversal.Exact,
            Problems,
            inputs =>
                inputs.Find is not null ? Repeat.ByToken
                : inputs.Repeatable ? Repeat.Safe
                : Repeat.Never
        );

    public virtual Repeat Repeat => inputs.Repeatable ? Repeat.Safe : Repeat.Never;

    public virtual ValueTask<PostState> ObserveAsync(CancellationToken ct) =>
        ValueTask.FromResult(mark.Read() ?? new PostState { Done = false });

    public Difference Plan(PostState observed) =>
        observed.Done
            ? Difference.None
            : Difference.Of(
                inputs.Undo is null ? Reversal.Never : Reversal.Exact,
                new DifferenceLine($"POST {HttpCall.Shown(inputs.Url)}", null, "sent")
            );

    public bool Same(PostState a, PostState b) => a.Done == b.Done;

    public async IAsyncEnumerable<Progress> ApplyAsync(PostState before, [EnumeratorCancellation] CancellationToken ct)
    {
        var call = Call(HttpMethod.Post, inputs.Url, inputs.Headers, inputs.Body);
        call = call with { Headers = call.Headers.SetItem(inputs.TokenHeader, new Secret(scope.Token)) };
        yield return Progress.Say($"sending {call.Name}");
        var state = await AskAsync(call, inputs.Expect, ct);
        mark.Write(new PostState { Done = true, Values = state.Values });
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        PostState before,
        PostState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var undo = inputs.Undo ?? throw OperationException.Refused("the step has no 'undo' request");
        var call = Call(new HttpMethod(undo.Method), undo.Url, undo.Headers, undo.Body);
        yield return Progress.Say($"sending {call.Name}");
        var answer = await sender.SendAsync(call, ct);
        if (answer.Status is not (404 or 410))
            Accept(answer, call, undo.Expect);
        mark.Delete();
    }

    public void Dispose()
    {
        sender.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<Answer> FindAsync(FindRequest find, CancellationToken ct) =>
        await sender.SendAsync(Call(HttpMethod.Get, find.Url, find.Headers, null), ct);

    /// <summary>The values of an answer that is as expected.</summary>
    /// <exception cref="OperationException">Refused: it is not.</exception>
    protected AnswerState Accept(Answer answer, string name, Expectation expect)
    {
        var state = Judgement.State(answer, expect, inputs.Keep, name);
        return string.Join("; ", Judgement.Mismatches(state, expect)) is { Length: > 0 } why
            ? throw OperationException.Refused($"{name}: {why}")
            : state;
    }

    private async Task<AnswerState> AskAsync(HttpCall call, Expectation expect, CancellationToken ct) =>
        Accept(await sender.SendAsync(call, ct), call, expect);

    private AnswerState Accept(Answer answer, HttpCall call, Expectation expect) => Accept(answer, call.Name, expect);

    private HttpCall Call(
        HttpMethod method,
        string url,
        ImmutableSortedDictionary<string, Secret> headers,
        JsonElement? body
    ) =>
        new()
        {
            Method = method,
            Url = values.FillUrl(url),
            Name = $"{method} {HttpCall.Shown(url)}",
            Headers = headers.ToImmutableSortedDictionary(h => h.Key, h => new Secret(values.Fill(h.Value.Reveal()))),
            Body = body is { } json ? values.Fill(json) : null,
        };

    private static PostHttp Create(PostHttpInputs inputs, IScope scope)
    {
        var ca = inputs.CaFile is { } file ? scope.PathOf(file) : null;
        var sender = new HttpSender(ca, follow: false, inputs.Limit, scope.Clock);
        return inputs.Find is { } find
            ? new FindablePost(inputs, find, scope, sender)
            : new PostHttp(inputs, scope, sender);
    }

    private static IEnumerable<InputProblem> Problems(PostHttpInputs inputs)
    {
        (string Member, string? Url)[] urls =
        [
            ("url", inputs.Url),
            ("find.url", inputs.Find?.Url),
            ("undo.url", inputs.Undo?.Url),
        ];
        foreach (var (member, url) in urls)
        {
            if (url is not null && HttpCall.Problem(url) is { } problem)
                yield return new InputProblem(member, problem);
        }
        if (inputs.Find is { } find && !find.Url.Contains($"{{{Token}}}", StringComparison.Ordinal))
            yield return new InputProblem(
                "find.url",
                "must hold {token}: it asks for the work of this step and no other"
            );
        if (inputs.Find is not null && inputs.Repeatable)
            yield return new InputProblem("repeatable", "says nothing beside find: leave one of them out");
    }
}

/// <summary>A post whose service can be asked for the token.</summary>
internal sealed class FindablePost(PostHttpInputs inputs, FindRequest find, IScope scope, HttpSender sender)
    : PostHttp(inputs, scope, sender),
        ITokenSearch
{
    public override Repeat Repeat => Repeat.ByToken;

    public override async ValueTask<PostState> ObserveAsync(CancellationToken ct)
    {
        var (trace, answer) = await LookAsync(ct);
        return trace == TokenTrace.Done
            ? new PostState { Done = true, Values = Accept(answer, "the search for the token", find.Expect).Values }
            : new PostState { Done = false };
    }

    public async ValueTask<TokenTrace> FindAsync(CancellationToken ct) => (await LookAsync(ct)).Trace;

    private async Task<(TokenTrace Trace, Answer Answer)> LookAsync(CancellationToken ct)
    {
        var answer = await FindAsync(find, ct);
        if (answer.Status == 404)
            return (TokenTrace.Unknown, answer);
        // Neither is an answer to the question: no data is not a pass.
        if (answer.Status is 401 or 403 or >= 500)
            throw OperationException.Transient(
                $"GET {HttpCall.Shown(find.Url)}: status {answer.Status}: the service does not say whether it has seen the token"
            );
        var state = Judgement.State(answer, find.Expect, [], "the search for the token");
        return (Judgement.Mismatches(state, find.Expect).Any() ? TokenTrace.Running : TokenTrace.Done, answer);
    }
}

/// <summary>The file of the run that says that the request was answered; for services that cannot be asked.</summary>
internal sealed class PostMark(IScope scope)
{
    private static readonly PostHttpJson Json = new(Domain.Json.BelayJson.NewOptions());
    private readonly string path = Path.Combine(scope.WorkingFolder, $"http-{scope.Token}.json");

    public PostState? Read() =>
        File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.PostState) : null;

    public void Write(PostState state)
    {
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(state, Json.PostState));
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Delete() => File.Delete(path);
}

[JsonSerializable(typeof(PostHttpInputs))]
[JsonSerializable(typeof(PostState))]
internal sealed partial class PostHttpJson : JsonSerializerContext;
