using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.PostgreSql;

/// <summary>An archive on disk, and beside it (<c>PATH.belay.json</c>) what it holds and which step of which run made it.</summary>
/// <remarks>It is written aside and gets its name when it is proven; a file of that name is whole.</remarks>
internal sealed class Archive(string path, string token)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly ArchiveContext Json = new(BelayJson.NewOptions());

    /// <summary>Where it lies (absolute).</summary>
    public string Location => path;

    /// <summary>Where it is written until it is proven.</summary>
    public string Aside => $"{path}.{token}.partial";

    /// <summary>Where its description lies.</summary>
    public string Side => $"{path}.belay.json";

    /// <summary>Whether something lies at its path.</summary>
    public bool Exists => File.Exists(path) || Directory.Exists(path);

    /// <summary>What an earlier attempt of this step left.</summary>
    public ImmutableArray<string> Leftovers =>
        [
            .. File.Exists(Aside) || Directory.Exists(Aside) ? [Aside] : Array.Empty<string>(),
            .. !Exists && ReadSide()?.Token == token ? [Side] : Array.Empty<string>(),
        ];

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

    /// <summary>Whether this step of this run made what lies at the path.</summary>
    public bool IsOurs => ReadSide()?.Token == token;

    /// <summary>Makes room to write it aside; readable by nobody else.</summary>
    public void Prepare(ArchiveFormat format)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DeleteAt(Aside);
        if (format == ArchiveFormat.Directory)
            Directory.CreateDirectory(Aside, OwnerOnly | UnixFileMode.UserExecute);
        else
            Create(Aside).Dispose();
    }

    /// <summary>Gives the archive its name; its description comes first, so that the name never stands without it.</summary>
    public void Publish(ArchiveManifest manifest)
    {
        WriteDurably(Side, JsonSerializer.SerializeToUtf8Bytes(manifest, Json.ArchiveManifest));
        if (Directory.Exists(Aside))
            Directory.Move(Aside, path);
        else
            File.Move(Aside, path);
    }

    /// <summary>Removes what this step made: the archive, then its description, and what was written aside.</summary>
    public void Remove()
    {
        DeleteAt(Aside);
        if (!IsOurs)
            return;
        DeleteAt(path);
        DeleteAt(Side);
    }

    /// <summary>SHA-256 (lower-case hex) and size of a file, or of a folder's files with their names.</summary>
    public static async Task<(string Sha256, long Bytes)> MeasureAsync(string location, CancellationToken ct)
    {
        if (!Directory.Exists(location))
        {
            await using var file = File.OpenRead(location);
            return (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)), file.Length);
        }
        var list = new StringBuilder();
        long bytes = 0;
        foreach (var name in Directory.EnumerateFiles(location).Order(StringComparer.Ordinal))
        {
            await using var file = File.OpenRead(name);
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
            list.Append(CultureInfo.InvariantCulture, $"{hash} {Path.GetFileName(name)}\n");
            bytes += file.Length;
        }
        return (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list.ToString()))), bytes);
    }

    private static void WriteDurably(string location, byte[] content)
    {
        var aside = location + ".partial";
        File.Delete(aside);
        using (var file = Create(aside))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(aside, location, overwrite: true);
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

    private static void DeleteAt(string location)
    {
        if (Directory.Exists(location))
            Directory.Delete(location, recursive: true);
        else if (File.Exists(location))
            File.Delete(location);
    }
}

/// <summary>What an archive holds.</summary>
internal sealed record ArchiveManifest
{
    /// <summary>The step of the run that made it.</summary>
    public required string Token { get; init; }

    /// <summary>The server's system identifier.</summary>
    public required string System { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The moment (UTC) that it holds.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The place in the write-ahead log at that moment.</summary>
    public required string Lsn { get; init; }

    /// <summary>The transactions that it holds (<c>pg_snapshot</c>).</summary>
    public required string Snapshot { get; init; }

    /// <summary>SHA-256 of the archive, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Whether it was restored and compared.</summary>
    public required bool Proven { get; init; }

    /// <summary>What it holds.</summary>
    public required DatabaseContents Contents { get; init; }
}

/// <summary>How an archive is laid out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ArchiveFormat>))]
public enum ArchiveFormat
{
    /// <summary>One compressed file.</summary>
    [JsonStringEnumMemberName("custom")]
    Custom,

    /// <summary>A folder with a compressed file a table.</summary>
    [JsonStringEnumMemberName("directory")]
    Directory,
}

[JsonSerializable(typeof(ArchiveManifest))]
internal sealed partial class ArchiveContext : JsonSerializerContext;
