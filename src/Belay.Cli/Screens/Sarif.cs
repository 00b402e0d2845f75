using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Belay.Cli.Work;
using Belay.Domain.Lint;
using Belay.Domain.Plans;
using Belay.Planning;

namespace Belay.Cli.Screens;

/// <summary>Writes what lint found as SARIF 2.1.0 (OASIS), for tools that show findings beside the code. Pure.</summary>
internal static class Sarif
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>A plan that could be read.</summary>
    /// <param name="plan">The plan file, to which findings of no place belong.</param>
    /// <param name="judgement">What lint says of it.</param>
    public static string Of(string plan, Judgement judgement) =>
        Write(
            [
                .. judgement
                    .Findings.Select(f => f.Code)
                    .Concat(judgement.Accepted.Select(a => a.Code))
                    .Distinct()
                    .Order(),
            ],
            LintPages.GistOf,
            (json, rules) =>
            {
                foreach (var finding in judgement.Findings)
                    Result(
                        json,
                        rules,
                        finding.Code,
                        finding.Severity == Severity.Error ? "error" : "warning",
                        $"{finding.Message}; {finding.Hint}",
                        finding.At ?? new SourcePosition(plan, 1, 1)
                    );
                foreach (var risk in judgement.Accepted)
                    Result(json, rules, risk.Code, "error", risk.Risk, new SourcePosition(plan, 1, 1), risk);
            }
        );

    /// <summary>A plan that could not be read.</summary>
    public static string Of(ImmutableArray<Diagnostic> diagnostics) =>
        Write(
            [.. diagnostics.Select(d => d.Code).Distinct().Order()],
            code => $"The file cannot be read as a plan: {code}.",
            (json, rules) =>
            {
                foreach (var d in diagnostics)
                    Result(
                        json,
                        rules,
                        d.Code,
                        "error",
                        d.Hint is null ? d.Message : $"{d.Message}; {d.Hint}",
                        new SourcePosition(d.File, d.Line, d.Column)
                    );
            }
        );

    private static string Write(
        ImmutableArray<string> rules,
        Func<string, string> describe,
        Action<Utf8JsonWriter, ImmutableArray<string>> results
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            Tool(json, rules, describe);
            json.WriteString("columnKind", "unicodeCodePoints");
            json.WriteStartArray("results");
            results(json, rules);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Tool(Utf8JsonWriter json, ImmutableArray<string> rules, Func<string, string> describe)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "belay");
        json.WriteString("version", Workplace.Version);
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule);
            Text(json, "shortDescription", describe(rule));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Result(
        Utf8JsonWriter json,
        ImmutableArray<string> rules,
        string code,
        string level,
        string message,
        SourcePosition at,
        AcceptedRisk? accepted = null
    )
    {
        json.WriteStartObject();
        json.WriteString("ruleId", code);
        json.WriteNumber("ruleIndex", rules.IndexOf(code));
        json.WriteString("level", level);
        Text(json, "message", message);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString(
            "uri",
            new Uri(at.File, UriKind.RelativeOrAbsolute) is { IsAbsoluteUri: true } file
                ? file.AbsoluteUri
                : Uri.EscapeDataString(at.File).Replace("%2F", "/", StringComparison.Ordinal)
        );
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", at.Line);
        json.WriteNumber("startColumn", at.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        if (accepted is not null)
        {
            json.WriteStartArray("suppressions");
            json.WriteStartObject();
            json.WriteString("kind", "external");
            json.WriteString("status", "accepted");
            json.WriteString("justification", accepted.ToString());
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
