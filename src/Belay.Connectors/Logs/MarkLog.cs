using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Logs;

/// <summary>Inputs of <c>logs.mark</c>.</summary>
public sealed record MarkLogInputs
{
    /// <summary>The log file.</summary>
    public required string Path { get; init; }
}

/// <summary>A place in a log file: where it ended at some moment.</summary>
public sealed record LogPlace
{
    /// <summary>The file's inode: it stays when the file is renamed by a rotation.</summary>
    public required long Inode { get; init; }

    /// <summary>The byte at which the next line begins.</summary>
    public required long Offset { get; init; }
}

/// <summary><c>logs.mark</c>: notes where a log ends now, for <c>logs.lines</c> to read from there.</summary>
internal sealed class MarkLog(MarkLogInputs inputs, IScope scope) : ICheck<LogPlace>
{
    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<MarkLogInputs, LogPlace>(
            "logs.mark",
            "Notes where a log file ends, so that a later check reads only what comes after",
            options => new LogsJson(options),
            inputs => [new Touch(FileInputs.Resource(inputs.Path), TouchKind.Read)],
            (inputs, scope) => new MarkLog(inputs, scope),
            inputs => FileInputs.Problems(inputs.Path)
        );

    public ValueTask<LogPlace> ObserveAsync(CancellationToken ct)
    {
        var path = scope.PathOf(inputs.Path);
        return ValueTask.FromResult(
            LocalFile.Guard(
                path,
                () =>
                {
                    using var log = LogFile.Open(path);
                    return new LogPlace { Inode = LogFile.InodeOf(path), Offset = log.Length };
                }
            )
        );
    }

    public Verdict Judge(LogPlace observed) => Verdict.Ok;
}

[JsonSerializable(typeof(MarkLogInputs))]
[JsonSerializable(typeof(LogPlace))]
[JsonSerializable(typeof(LogLinesInputs))]
[JsonSerializable(typeof(LogLinesState))]
internal sealed partial class LogsJson : JsonSerializerContext;
