using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.Http;

/// <summary>How far requests of a step have come, kept in a closed file (mode 0600) of the run, so that a crash leaves a trail to clean up by. It may hold secrets.</summary>
internal sealed record Trail
{
    /// <summary>How often the step was begun.</summary>
    public required int Attempt { get; init; }

    /// <summary>Values kept of answers, by name.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The answers, in order.</summary>
    public ImmutableArray<VisitState> Visits { get; init; } = [];

    /// <summary>All is done.</summary>
    public bool Done { get; init; }

    /// <summary>What was begun was taken away again.</summary>
    public bool Clean { get; init; }
}

/// <summary>The file of a <see cref="Trail"/>.</summary>
internal sealed class TrailFile(IScope scope)
{
    private static readonly TrailJson Json = new(BelayJson.NewOptions());
    private readonly string path = Path.Combine(scope.WorkingFolder, $"http-{scope.Token}.json");

    public Trail? Read() => File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Trail) : null;

    public void Write(Trail trail)
    {
        using (
            var file = new FileStream(
                path + ".new",
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            JsonSerializer.Serialize(file, trail, Json.Trail);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Delete() => File.Delete(path);
}

[JsonSerializable(typeof(Trail))]
internal sealed partial class TrailJson : JsonSerializerContext;
