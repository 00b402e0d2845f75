using System.Text;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.write</c>.</summary>
public sealed record WriteFileInputs
{
    /// <summary>The file. Its folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>All of its content. May hold secrets.</summary>
    public required Secret Content { get; init; }

    /// <summary>Its permission bits, octal. Default: as the old file, 0644 for a new one.</summary>
    public string? Mode { get; init; }

    /// <summary>Whether differences show the content. Default false: files may hold secrets.</summary>
    public bool Show { get; init; }
}

/// <summary><c>files.write</c>: gives a file this content.</summary>
internal sealed class WriteFile(WriteFileInputs inputs, IScope scope)
    : ContentChange(scope.PathOf(inputs.Path), inputs.Show, FileInputs.Mode(inputs.Mode))
{
    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<WriteFileInputs, FileState>(
            "files.write",
            "Gives a file this content",
            options => new WriteFileJson(options),
            Reversal.Exact,
            inputs => [new Touch(FileInputs.Resource(inputs.Path), TouchKind.Modify)],
            (inputs, scope) => new WriteFile(inputs, scope),
            validate: inputs => FileInputs.Problems(inputs.Path, inputs.Mode)
        );

    protected override byte[] Wanted(byte[]? current) => Encoding.UTF8.GetBytes(inputs.Content.Reveal());
}

[JsonSerializable(typeof(WriteFileInputs))]
[JsonSerializable(typeof(FileState))]
internal sealed partial class WriteFileJson : JsonSerializerContext;
