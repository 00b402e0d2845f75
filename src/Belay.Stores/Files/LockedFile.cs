using System.Text.Json;
using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>A file that somebody holds locked and that says who: readable by everybody who asks, also while it is locked.</summary>
internal static class LockedFile
{
    /// <summary>The description of a holder is shorter, bytes.</summary>
    private const int GreatestHolder = 16 * 1024;

    /// <summary>Who holds a file locked; null: nobody.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public static LeaseHolder? Holder(string path)
    {
        try
        {
            using var file = DurableFile.Open(path, FileMode.Open, FileAccess.Read);
            return OwnedLock.IsTaken(file) ? Read(path, file) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path, e);
        }
    }

    /// <summary>Puts down who holds it.</summary>
    public static void Write(SafeFileHandle file, LeaseHolder who)
    {
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(who, StoreJson.Kebab.LeaseHolder), 0);
    }

    // The description may be read while a new holder writes it: a moment later it can be read.
    public static LeaseHolder Read(string path, SafeFileHandle file)
    {
        var text = new byte[GreatestHolder];
        var read = RandomAccess.Read(file, text, 0);
        try
        {
            if (JsonSerializer.Deserialize(text.AsSpan(0, read), StoreJson.Kebab.LeaseHolder) is { } holder)
                return holder;
        }
        catch (JsonException)
        {
            // It is told below.
        }
        return new LeaseHolder(
            "somebody who has only just taken it",
            new DateTimeOffset(File.GetLastWriteTimeUtc(path))
        );
    }
}
