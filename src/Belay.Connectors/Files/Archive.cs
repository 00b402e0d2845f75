using System.Collections.Immutable;
using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using Belay.Connectors.LocalFiles;

namespace Belay.Connectors.Files;

/// <summary>A backup's tar archive (pax, POSIX.1-2001). Its global attributes carry the step's token and the moment, so that an archive of another run is told apart.</summary>
internal static class Archive
{
    private const string TokenAttribute = "BELAY.token";
    private const string TakenAttribute = "BELAY.taken";

    /// <summary>Whose archive it is, and what it holds; null when there is none, or it is not whole.</summary>
    public static ArchiveContent? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var stream = LocalFile.Guard(path, () => File.OpenRead(path));
            using var reader = new TarReader(stream);
            return ReadContent(reader);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>Writes an archive of files; the caller gives the stream to a file that is renamed when it is whole.</summary>
    public static void Write(Stream target, string token, DateTimeOffset taken, IEnumerable<string> files)
    {
        using var writer = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        writer.WriteEntry(
            new PaxGlobalExtendedAttributesTarEntry(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [TokenAttribute] = token,
                    [TakenAttribute] = taken.ToString("O", CultureInfo.InvariantCulture),
                }
            )
        );
        foreach (var file in files)
            writer.WriteEntry(file, file);
    }

    /// <summary>Hands each file of the archive to an action: its absolute path, its content, its mode.</summary>
    public static void ForEach(string path, Action<string, Stream, UnixFileMode> action)
    {
        using var stream = LocalFile.Guard(path, () => File.OpenRead(path));
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry is not PaxGlobalExtendedAttributesTarEntry)
                action(NameOf(entry), entry.DataStream ?? Stream.Null, entry.Mode);
        }
    }

    private static ArchiveContent? ReadContent(TarReader reader)
    {
        if (
            reader.GetNextEntry()
            is not PaxGlobalExtendedAttributesTarEntry { GlobalExtendedAttributes: var attributes }
        )
            return null;
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        while (reader.GetNextEntry() is { } entry)
            files[NameOf(entry)] = Convert.ToHexStringLower(SHA256.HashData(entry.DataStream ?? Stream.Null));
        return
            attributes.TryGetValue(TokenAttribute, out var token)
            && attributes.TryGetValue(TakenAttribute, out var taken)
            ? new ArchiveContent(token, DateTimeOffset.Parse(taken, CultureInfo.InvariantCulture), files.ToImmutable())
            : null;
    }

    // Names in an archive are relative by convention; ours are absolute paths without their first slash.
    private static string NameOf(TarEntry entry) => "/" + entry.Name.TrimStart('/');
}

/// <summary>What an archive holds: SHA-256 by absolute path.</summary>
internal sealed record ArchiveContent(
    string Token,
    DateTimeOffset Taken,
    ImmutableSortedDictionary<string, string> Files
);
