using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Http;

/// <summary>One request of a journey. Exactly one of the methods is given. Paths, headers and bodies may hold <c>{name}</c>, a value kept of an earlier answer, and <c>{mark}</c>, which is different in every run.</summary>
public sealed record Visit
{
    /// <summary>The path of a GET.</summary>
    public string? Get { get; init; }

    /// <summary>The path of a POST.</summary>
    public string? Post { get; init; }

    /// <summary>The path of a PUT.</summary>
    public string? Put { get; init; }

    /// <summary>The path of a PATCH.</summary>
    public string? Patch { get; init; }

    /// <summary>The path of a DELETE.</summary>
    public string? Delete { get; init; }

    /// <summary>Headers of the request. Default: none.</summary>
    public ImmutableSortedDictionary<string, Secret> Headers { get; init; } =
        ImmutableSortedDictionary<string, Secret>.Empty;

    /// <summary>The JSON body. Default: none.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>What the answer must be. Default: a status from 200 to 299.</summary>
    public Expectation Expect { get; init; } = new();

    /// <summary>Values of the JSON answer to carry on, by the name they get: <c>{ session: token }</c>. They may be secrets and are kept in a closed file of the run only.</summary>
    public ImmutableSortedDictionary<string, string> Keep { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    internal ImmutableArray<(HttpMethod Method, string Path)> Requests =>
        [
            .. new[]
            {
                (HttpMethod.Get, Get),
                (HttpMethod.Post, Post),
                (HttpMethod.Put, Put),
                (HttpMethod.Patch, Patch),
                (HttpMethod.Delete, Delete),
            }
                .Where(r => r.Item2 is not null)
                .Select(r => (r.Item1, r.Item2!)),
        ];

    /// <summary>The request, with values in the place of names.</summary>
    /// <exception cref="OperationException">Refused: a name has no value.</exception>
    internal HttpCall Call(string url, Placeholders values)
    {
        var (method, path) = Requests[0];
        return new HttpCall
        {
            Method = method,
            Url = url.TrimEnd('/') + values.FillUrl(path),
            // The path as the plan has it: values may be secrets.
            Name = $"{method} {HttpCall.Shown(url).TrimEnd('/')}{HttpCall.Shown(path)}",
            Headers = Headers.ToImmutableSortedDictionary(h => h.Key, h => new Secret(values.Fill(h.Value.Reveal()))),
            Body = Body is { } body ? values.Fill(body) : null,
        };
    }

    /// <summary>Whether every name in the request has a value.</summary>
    internal bool CanCall(ImmutableSortedDictionary<string, string> values) =>
        Requests
            .Select(r => r.Path)
            .Concat(Headers.Values.Select(h => h.Reveal()))
            .Append(Body?.GetRawText() ?? "")
            .SelectMany(Placeholders.Names)
            .All(values.ContainsKey);

    internal IEnumerable<InputProblem> Problems(string member)
    {
        if (Requests.Length != 1)
            yield return new InputProblem(member, "needs exactly one of get, post, put, patch and delete, with a path");
        foreach (var (_, path) in Requests.Where(r => !r.Path.StartsWith('/')))
            yield return new InputProblem(member, $"'{path}' is no path: begin it with /");
        foreach (var problem in Judgement.Problems(Expect, $"{member}.expect"))
            yield return problem;
    }
}
