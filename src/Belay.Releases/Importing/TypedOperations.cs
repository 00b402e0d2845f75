using System.Collections.Immutable;
using System.Text.Json;

namespace Belay.Releases.Importing;

/// <summary>Which commands are what a typed operation does. A command with an option that is not known here stays a command.</summary>
internal static class TypedOperations
{
    /// <summary>The operation; null: none does exactly this.</summary>
    /// <param name="command">The command.</param>
    /// <param name="folder">The folder it runs in; null: the plan's.</param>
    public static TypedOperation? Of(ShellWords command, string? folder) =>
        command switch
        {
            { IsRequest: true } => Request(command.Text.Split(' ')),
            { Words: ["curl", .. var rest] } => Curl(rest),
            { Words: ["tofu" or "terraform", .. var rest] } => Infrastructure(command.Words[0], rest, folder),
            { Words: ["mv", var from, var to] } when IsFile(from) && IsFile(to) => new TypedOperation(
                "do",
                "files.rename",
                [("from", new InputValue.Text(In(folder, from))), ("to", new InputValue.Text(In(folder, to)))],
                IsFinal: false
            ),
            _ => null,
        };

    private static bool IsFile(string path) =>
        !path.StartsWith('-') && !path.EndsWith('/') && path is not ("." or "..");

    private static string In(string? folder, string path) =>
        folder is null || path.StartsWith('/') ? path : $"{folder.TrimEnd('/')}/{path}";

    private static TypedOperation? Request(string[] words) =>
        words[0] == "GET"
            ? new TypedOperation(
                "check",
                "http.get",
                [("url", new InputValue.Text($"<base-url>{words[1]}"))],
                IsFinal: false
            )
            : null;

    private static TypedOperation? Curl(ImmutableArray<string> words)
    {
        var (method, url, body) = ((string?)null, (string?)null, (string?)null);
        var (follows, headers) = (false, ImmutableArray.CreateBuilder<(string, string)>());
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "-X" or "--request" when i + 1 < words.Length:
                    method = words[++i];
                    break;
                case "-H"
                or "--header" when i + 1 < words.Length && words[i + 1].Split(':', 2) is [var name, var value]:
                    headers.Add((name.Trim(), value.Trim()));
                    i++;
                    break;
                case "-d" or "--data" or "--data-raw" when i + 1 < words.Length:
                    body = words[++i];
                    break;
                case "-L" or "--location":
                    follows = true;
                    break;
                case "-f"
                or "--fail"
                or "-s"
                or "--silent"
                or "-S"
                or "--show-error"
                or "-i"
                or "-v"
                or "-sS"
                or "-fsS"
                or "-sf"
                or "-fs":
                    break;
                case var word when !word.StartsWith('-') && url is null:
                    url = word;
                    break;
                default:
                    return null;
            }
        }
        if (url is null || !IsAddress(url))
            return null;
        var with = new List<(string, InputValue)> { ("url", new InputValue.Text(url)) };
        // What a page writes into these headers is a secret, and belongs into the environment.
        if (headers.Exists(header => header.Item1.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
            return null;
        if (headers.Count > 0)
            with.Add(("headers", new InputValue.Map(headers.ToImmutable())));
        switch (method ?? (body is null ? "GET" : "POST"))
        {
            case "GET" when body is null:
                if (follows)
                    with.Add(("follow", new InputValue.Json("true")));
                return new TypedOperation("check", "http.get", [.. with], IsFinal: false);
            case "POST" when !follows && (body is null || IsJson(body)):
                if (body is not null)
                    with.Add(("body", new InputValue.Json(body)));
                return new TypedOperation("do", "http.post", [.. with], IsFinal: true);
            default:
                return null;
        }
    }

    private static bool IsAddress(string url) =>
        Uri.TryCreate(Placeholders.Without(url), UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https";

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return !text.Contains("${", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static TypedOperation? Infrastructure(string tool, ImmutableArray<string> words, string? folder)
    {
        if (words.FirstOrDefault(word => !word.StartsWith('-')) != "apply")
            return null;
        var files = ImmutableArray.CreateBuilder<string>();
        foreach (var word in words)
        {
            if (word.StartsWith("-chdir=", StringComparison.Ordinal))
                folder = In(folder, word["-chdir=".Length..]);
            else if (word.StartsWith("-var-file=", StringComparison.Ordinal))
                files.Add(word["-var-file=".Length..]);
            // The operation makes and holds its own plan, and asks nobody.
            else if (word is not ("apply" or "-auto-approve" or "-input=false") && word.StartsWith('-'))
                return null;
        }
        var with = new List<(string, InputValue)>
        {
            ("directory", new InputValue.Text(folder ?? ".")),
            ("tool", new InputValue.Text(tool)),
        };
        if (files.Count > 0)
            with.Add(("var-files", new InputValue.List(files.ToImmutable())));
        return new TypedOperation("do", "opentofu.apply", [.. with], IsFinal: true);
    }

    private static bool Exists<T>(this ImmutableArray<T>.Builder items, Func<T, bool> holds) => items.Any(holds);
}
