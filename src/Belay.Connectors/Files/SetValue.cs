using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Formats;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.set</c>.</summary>
public sealed record SetValueInputs
{
    /// <summary>The file; it must exist.</summary>
    public required string Path { get; init; }

    /// <summary>The way to the value: names separated by dots, places in a list by number from 0; a dot inside a name is written <c>\.</c>. In a .env file the variable's name; in HCL a block's type and labels are names too.</summary>
    public required string Key { get; init; }

    /// <summary>The new value: a text, a number, true, false or null; may be secret.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>The file's format. Default: by its name (<c>.yaml</c>, <c>.yml</c>, <c>.json</c>, <c>.env</c>, <c>.hcl</c>, <c>.tf</c>, <c>.tfvars</c>).</summary>
    public ValueFormat? Format { get; init; }

    /// <summary>Whether differences show the lines that change. Default false: files may hold secrets.</summary>
    public bool Show { get; init; }
}

/// <summary>The formats in which one value can be set.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ValueFormat>))]
public enum ValueFormat
{
    /// <summary>YAML 1.2, one document.</summary>
    [JsonStringEnumMemberName("yaml")]
    Yaml,

    /// <summary>JSON, with comments where they stand.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    /// <summary>Environment variables, <c>NAME=value</c> a line.</summary>
    [JsonStringEnumMemberName("env")]
    Env,

    /// <summary>HCL as Terraform and OpenTofu write it.</summary>
    [JsonStringEnumMemberName("hcl")]
    Hcl,
}

/// <summary><c>files.set</c>: sets one value in a configuration file; the rest stays byte for byte as it was.</summary>
internal sealed class SetValue(SetValueInputs inputs, IScope scope)
    : ContentChange(scope.PathOf(inputs.Path), inputs.Show, mode: null)
{
    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<SetValueInputs, FileState>(
            "files.set",
            "Sets one value in a YAML, JSON, .env or HCL file",
            options => new SetValueJson(options),
            Reversal.Exact,
            inputs => [new Touch(FileInputs.Resource(inputs.Path), TouchKind.Modify)],
            (inputs, scope) => new SetValue(inputs, scope),
            validate: Problems
        );

    protected override byte[] Wanted(byte[]? current)
    {
        var file = TextOf(
            current ?? throw OperationException.Refused($"there is no file {inputs.Path}: write it with files.write"),
            inputs.Path
        );
        try
        {
            return file.With(Format(FormatOf(inputs)!.Value).Set(file.Text, Way(inputs.Key), ValueOf(inputs.Value)!));
        }
        catch (ValueFormatException e)
        {
            throw OperationException.Refused($"{inputs.Path}: {e.Message}", e);
        }
    }

    private static IValueFormat Format(ValueFormat format) =>
        format switch
        {
            ValueFormat.Yaml => new YamlFormat(),
            ValueFormat.Json => new JsonFormat(),
            ValueFormat.Env => new EnvFormat(),
            ValueFormat.Hcl => new HclFormat(),
            _ => throw new InvalidOperationException($"unknown format {format}"),
        };

    private static ValueFormat? FormatOf(SetValueInputs inputs) =>
        inputs.Format
        ?? System.IO.Path.GetExtension(inputs.Path) switch
        {
            ".yaml" or ".yml" => ValueFormat.Yaml,
            ".json" => ValueFormat.Json,
            ".env" => ValueFormat.Env,
            ".hcl" or ".tf" or ".tfvars" => ValueFormat.Hcl,
            _ => null,
        };

    /// <summary>The value of an input; null when it is no single value.</summary>
    private static ValueText? ValueOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => new(value.GetString()!, IsText: true, IsSecret: false),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => new(value.GetRawText(), false, false),
            JsonValueKind.Null => new("null", IsText: false, IsSecret: false),
            JsonValueKind.Object
                when value.TryGetProperty(SecretMarker.Name, out var inner)
                    && inner.ValueKind == JsonValueKind.String => new(inner.GetString()!, IsText: true, IsSecret: true),
            _ => null,
        };

    private static ImmutableArray<string> Way(string key)
    {
        // A dot that belongs to a name is put aside while the others separate.
        const char aside = '\0';
        return
        [
            .. key.Replace("\\.", aside.ToString(), StringComparison.Ordinal)
                .Split('.')
                .Select(name => name.Replace(aside, '.')),
        ];
    }

    private static IEnumerable<InputProblem> Problems(SetValueInputs inputs)
    {
        foreach (var problem in FileInputs.Problems(inputs.Path))
            yield return problem;
        if (Way(inputs.Key).Any(name => name.Length == 0))
            yield return new InputProblem("key", "has an empty part: write names separated by dots");
        if (ValueOf(inputs.Value) is null)
            yield return new InputProblem("value", "is no single value: give a text, a number, true, false or null");
        if (FormatOf(inputs) is null)
            yield return new InputProblem("format", $"cannot be told from {inputs.Path}: give yaml, json, env or hcl");
    }
}

[JsonSerializable(typeof(SetValueInputs))]
[JsonSerializable(typeof(FileState))]
internal sealed partial class SetValueJson : JsonSerializerContext;
