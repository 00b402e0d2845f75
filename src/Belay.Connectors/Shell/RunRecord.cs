using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Shell;

/// <summary>What this run remembers of a command that it ran to its end: a file in the run's folder.</summary>
internal sealed record RunRecord
{
    public required int ExitCode { get; init; }

    public required string Output { get; init; }

    public required string Error { get; init; }

    /// <summary>The undo command ran since.</summary>
    public bool Undone { get; init; }

    public static RunRecord? Read(IScope scope) =>
        File.Exists(PathOf(scope))
            ? JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(scope)), RunRecordJson.Default.RunRecord)
            : null;

    /// <summary>Keeps the record through a crash: written aside, flushed, renamed.</summary>
    public void Write(IScope scope)
    {
        var aside = PathOf(scope) + ".new";
        using (var stream = File.Create(aside))
        {
            JsonSerializer.Serialize(stream, this, RunRecordJson.Default.RunRecord);
            stream.Flush(flushToDisk: true);
        }
        File.Move(aside, PathOf(scope), overwrite: true);
    }

    private static string PathOf(IScope scope) => Path.Combine(scope.WorkingFolder, $"shell-{scope.Token}.json");
}

[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
