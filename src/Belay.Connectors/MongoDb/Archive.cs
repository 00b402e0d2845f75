using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.MongoDb;

/// <summary>An archive on disk, and beside it (<c>PATH.belay.json</c>) what it holds and which step of which run made it.</summary>
/// <remarks>It is written aside and gets its name when it is proven; a file of that name is whole.</remarks>
internal sealed class Archive(string path, string token)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly MongoArchiveJson Json = new(BelayJson.NewOptions());

    /// <summary>Where it lies (absolute).</summary>
    public string Location => path;

    /// <summary>Where it is written until it is proven.</summary>
    public string Aside => $"{path}.{token}.partial";

    /// <summary>Where its description lies.</summary>
    public string Side => $"{path}.belay.json";

    /// <summary>Whether something lies at its path.</summary>
    public bool Exists => File.Exists(path) || Directory.Exists(path);

    /// <summary>Whether this step of this run made what lies at the path.</summary>
    public bool IsOurs => ReadSide()?.Token == token;

    /// <summary>What an earlier attempt of this step left.</summary>
    public IEnumerable<string> Leftovers
    {
        get
        {
            if (File.Exists(Aside))
                yield return Aside;
            if (!Exists && IsOurs)
                yield return Side;
        }
    }

    /// <summary>The description; null when there is none.</summary>
    /// <exception cref="OperationException">Refused: it cannot be read.</exception>
    public ArchiveManifest? ReadSide()
    {
        if (!File.Exists(Side))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Side), Json.ArchiveManifest);
        }
        catch (JsonException e)
        {
            throw OperationException.Refused($"{Side} is no description of an archive: {e.Message}", e);
        }
    }

    /// <summary>Makes room to write it aside; readable by nobody else.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(Aside);
        Create(Aside).Dispose();
    }

    /// <summary>Gives the archive its name; its description comes first, so that the name never stands without it.</summary>
    public void Publish(ArchiveManifest manifest)
    {
        var aside = Side + ".partial";
        File.Delete(aside);
        using (var file = Create(aside))
        {
            JsonSerializer.Serialize(file, manifest, Json.ArchiveManifest);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, Side, overwrite: true);
        File.Move(Aside, path);
    }

    /// <summary>Removes what this step made: the archive, then its description, and what was written aside.</summary>
    public void Remove()
    {
        if (File.Exists(Aside))
            File.Delete(Aside);
        if (!IsOurs)
            return;
        File.Delete(path);
        File.Delete(Side);
    }

    /// <summary>Refuses an archive that is not as it was described.</summary>
    /// <exception cref="OperationException">Refused: there is none, or it was changed.</exception>
    public async Task RequireAsync(string sha256, CancellationToken ct)
    {
        if (!File.Exists(path))
            throw OperationException.Refused($"there is no archive {path}");
        if (await HashAsync(path, ct) != sha256)
            throw OperationException.Refused($"{path} is not the archive that {Side} describes; it is not restored");
    }

    /// <summary>SHA-256 (lower-case hex) of a file.</summary>
    public static async Task<string> HashAsync(string location, CancellationToken ct)
    {
        await using var file = File.OpenRead(location);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
    }

    private static FileStream Create(string location) =>
        new(
            location,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }
        );
}

/// <summary>What an archive holds.</summary>
internal sealed record ArchiveManifest
{
    /// <summary>The step of the run that made it.</summary>
    public required string Token { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The moment (UTC) before which all that it holds was written.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The place in the replica set's oplog at that moment (seconds, then a counter of 32 bits); null: the server keeps none.</summary>
    public long? OplogTime { get; init; }

    /// <summary>SHA-256 of the archive, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether it was restored and compared.</summary>
    public required bool Proven { get; init; }

    /// <summary>What it holds.</summary>
    public required DatabaseContents Contents { get; init; }

    /// <summary>The version of the schema that it holds; null: not asked for.</summary>
    public JsonElement? Schema { get; init; }
}

[JsonSerializable(typeof(ArchiveManifest))]
internal sealed partial class MongoArchiveJson : JsonSerializerContext;
