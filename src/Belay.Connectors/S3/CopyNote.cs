using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.S3;

/// <summary>How many copies the target held under each key before a step of a run began: taken back, the step leaves these. A bucket itself does not tell.</summary>
internal sealed class CopyNote(IScope scope)
{
    private static readonly CopyNoteJson Json = new(BelayJson.NewOptions());
    private readonly string path = Path.Combine(scope.WorkingFolder, $"s3-{scope.Token}.copies.json");

    /// <summary>The copies of each key that had any; null: the step has not begun to write.</summary>
    public Dictionary<string, int>? Read() =>
        File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.DictionaryStringInt32) : null;

    /// <summary>Keeps it through a crash: written aside, flushed, renamed.</summary>
    public void Write(Dictionary<string, int> copies)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, copies, Json.DictionaryStringInt32);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }
}

[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class CopyNoteJson : JsonSerializerContext;
