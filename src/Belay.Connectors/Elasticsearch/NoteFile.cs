using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Belay.Domain.Contract;

namespace Belay.Connectors.Elasticsearch;

/// <summary>What a step remembers in a file of the run, for the cluster itself forgets it.</summary>
/// <param name="scope">The step.</param>
/// <param name="about">What of, a word for the file's name.</param>
/// <param name="json">The note's form.</param>
internal sealed class NoteFile<T>(IScope scope, string about, JsonTypeInfo<T> json)
    where T : class
{
    private readonly string path = Path.Combine(scope.WorkingFolder, $"elasticsearch-{scope.Token}.{about}.json");

    /// <summary>The note; null: nothing was noted.</summary>
    public T? Read() => File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), json) : null;

    /// <summary>Keeps it through a crash: written aside, flushed, renamed.</summary>
    public void Write(T note)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, note, json);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Forgets it.</summary>
    public void Remove() => File.Delete(path);
}
