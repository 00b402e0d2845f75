using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>How far a step has come with its restore. A database carries no note of its own, so a file of the run does.</summary>
internal sealed class RestoreMark(IScope scope)
{
    private readonly string path = Path.Combine(scope.WorkingFolder, $"mongodb-{scope.Token}.restore");

    public RestoreStage Read() =>
        File.Exists(path) ? Enum.Parse<RestoreStage>(File.ReadAllText(path)) : RestoreStage.None;

    /// <summary>Keeps the stage through a crash: written aside, flushed, renamed.</summary>
    public void Write(RestoreStage stage)
    {
        using (var file = new StreamWriter(path + ".new"))
        {
            file.Write(stage);
            file.Flush();
            ((FileStream)file.BaseStream).Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Remove() => File.Delete(path);
}

/// <summary>How far a restore is.</summary>
internal enum RestoreStage
{
    /// <summary>Nothing was done.</summary>
    None,

    /// <summary>It was begun.</summary>
    Begun,

    /// <summary>It was compared, and is what the archive holds.</summary>
    Done,
}
