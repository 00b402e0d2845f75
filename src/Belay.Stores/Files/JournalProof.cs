using System.Security.Cryptography;
using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Microsoft.Win32.SafeHandles;

namespace Belay.Stores.Files;

/// <summary>A journal's file proven from its first line to its last; the file alone is enough, wherever it was copied to.</summary>
public sealed record JournalProof
{
    /// <summary>The run that it is the journal of.</summary>
    public required string Run { get; init; }

    /// <summary>How many events it holds.</summary>
    public required long Events { get; init; }

    /// <summary>The time of the first event, UTC.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The time of the last event, UTC.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The hash of the last event: equal hashes mean equal journals.</summary>
    public required string Hash { get; init; }

    /// <summary>SHA-256, lower-case hex, of the file up to the end of its last event.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of a line that was cut off in the writing, after the last event; 0: none.</summary>
    public required int Torn { get; init; }

    /// <summary>Proves each line's hash, and that each line follows the one before it.</summary>
    /// <exception cref="JournalException">Missing, damaged (the message says in which line), or it cannot be read.</exception>
    /// <param name="path">The file.</param>
    /// <param name="visit">Is given each event, in their order, once its place is proven; null: nobody asks.</param>
    public static JournalProof Of(string path, Action<JournalEntry>? visit = null)
    {
        try
        {
            using var file = DurableFile.Open(path, FileMode.Open, FileAccess.Read);
            var chain = new ChainReader(run: null, path, file);
            var first = chain.Next() ?? throw Faults.Damaged(path, "it holds no event");
            var last = first;
            visit?.Invoke(first);
            while (chain.Next() is { } next)
            {
                visit?.Invoke(next);
                last = next;
            }
            return new()
            {
                Run = ((RunStarted)first.Event).Run,
                Events = last.Sequence,
                From = first.At,
                To = last.At,
                Hash = last.Hash,
                Sha256 = HashOf(file, chain.Position),
                Torn = chain.Torn,
            };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new JournalException(JournalFault.Missing, $"there is no file {path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path, e);
        }
    }

    private static string HashOf(SafeFileHandle file, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        for (long at = 0; at < length; )
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
            if (read == 0)
                throw new IOException("it was cut while it was read");
            hash.AppendData(buffer, 0, read);
            at += read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
