using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.MongoDb;

/// <summary>Which value, and what it must be. Every condition that is given must hold.</summary>
public sealed record DocumentInputs
{
    /// <summary>The database.</summary>
    [Connection("mongodb")]
    public required string Connection { get; init; }

    /// <summary>The value.</summary>
    public required DocumentPlace Document { get; init; }

    /// <summary>What it must be: a text, a number, true or false.</summary>
    public JsonElement? Expect { get; init; }

    /// <summary>The least number.</summary>
    public decimal? AtLeast { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? AtMost { get; init; }

    /// <summary>Whether the value is the version of the database's schema: lint and rehearsal then take the check for its proof. Default false.</summary>
    public bool Schema { get; init; }
}

/// <summary>A value in a document is as expected.</summary>
internal sealed class Document : ICheck<DocumentValue>
{
    private readonly DocumentInputs inputs;
    private readonly Server server;

    private Document(DocumentInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<MongoDbSettings>(inputs.Connection), inputs.Connection, scope.Clock);
    }

    /// <summary>The definition of <c>mongodb.document</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<DocumentInputs, DocumentValue>(
            "mongodb.document",
            "A value in a document is as expected",
            options => new MongoDocumentJson(options),
            inputs =>
                [
                    new Touch($"mongodb:{inputs.Connection}", TouchKind.Read)
                    {
                        Schema = inputs.Schema ? WindowOf(inputs) : null,
                        Proves = inputs.Schema ? Proof.Schema : Proof.Nothing,
                    },
                ],
            (inputs, scope) => new Document(inputs, scope),
            Validate
        );

    /// <inheritdoc/>
    public async ValueTask<DocumentValue> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenAsync(ct);
        return await inputs.Document.ReadAsync(session, server.Database, ct);
    }

    /// <inheritdoc/>
    public Verdict Judge(DocumentValue observed)
    {
        if (observed.Missing(inputs.Document) is { } missing)
            return observed.Matches > 1 ? new Verdict.Broken(missing) : new Verdict.NotYet(missing);
        var value = observed.Value!.Value;
        var said = $"{inputs.Document.Words} is {value.GetRawText()}";
        if (inputs.Expect is { } expected && !JsonElement.DeepEquals(value, expected))
            return new Verdict.NotYet($"{said}, expected {expected.GetRawText()}");
        if (inputs.AtLeast is null && inputs.AtMost is null)
            return Verdict.Ok;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number))
            return new Verdict.Broken($"{said}, which is no number");
        if (number < inputs.AtLeast)
            return new Verdict.NotYet($"{said}, expected at least {inputs.AtLeast}");
        return number > inputs.AtMost ? new Verdict.Broken($"{said}, expected at most {inputs.AtMost}") : Verdict.Ok;
    }

    private static IEnumerable<InputProblem> Validate(DocumentInputs inputs)
    {
        foreach (var problem in inputs.Document.Problems("document"))
            yield return problem;
        if (inputs.Expect is null && inputs.AtLeast is null && inputs.AtMost is null)
            yield return new InputProblem("expect", "say expect, at-least, at-most, or several of them");
        if (inputs.Schema && (WindowOf(inputs) is not { } window || window.Least > window.Greatest))
            yield return new InputProblem(
                "schema",
                "the version of a schema is a whole number: say it in expect, at-least or at-most"
            );
    }

    // The versions for which the check holds; null when none are said as whole numbers.
    private static SchemaWindow? WindowOf(DocumentInputs inputs)
    {
        if (inputs.Expect is { } expected)
            return expected.ValueKind == JsonValueKind.Number && expected.TryGetInt32(out var version)
                ? new SchemaWindow(version, version)
                : null;
        return IsVersion(inputs.AtLeast) && IsVersion(inputs.AtMost)
            ? new SchemaWindow((int?)inputs.AtLeast, (int?)inputs.AtMost)
            : null;
    }

    private static bool IsVersion(decimal? number) =>
        number is null || (number.Value == decimal.Truncate(number.Value) && Math.Abs(number.Value) <= int.MaxValue);
}

[JsonSerializable(typeof(DocumentInputs))]
[JsonSerializable(typeof(DocumentValue))]
internal sealed partial class MongoDocumentJson : JsonSerializerContext;
