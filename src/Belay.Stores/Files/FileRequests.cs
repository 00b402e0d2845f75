using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>One file a request, named by the order in which it came.</summary>
internal sealed class FileRequests(StoreFolder store, TimeProvider clock) : IRequests
{
    /// <summary>Far more than any request has.</summary>
    private const int GreatestBytes = 1024 * 1024;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public Task PutAsync(string run, RunRequest request, CancellationToken ct)
    {
        MustExist(run);
        var folder = store.Requests(run);
        store.Make(folder);
        var last = Waiting(folder).LastOrDefault() is { } name ? Number(name) : 0;
        // Two who ask at the same moment may get the same number, never the same name: neither came first.
        var id = $"{(last + 1).ToString("D10", CultureInfo.InvariantCulture)}-{Guid.NewGuid():N}.json";
        DurableFile.Write(
            Path.Combine(folder, id),
            JsonSerializer.SerializeToUtf8Bytes(request, StoreJson.Kebab.RunRequest)
        );
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<PendingRequest> ReadAsync(string run, [EnumeratorCancellation] CancellationToken ct)
    {
        MustExist(run);
        var folder = store.Requests(run);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!ct.IsCancellationRequested)
        {
            var waiting = Waiting(folder);
            seen.IntersectWith(waiting);
            foreach (var id in waiting.Where(seen.Add))
            {
                if (Read(Path.Combine(folder, id)) is { } request)
                    yield return new PendingRequest(id, request);
                if (ct.IsCancellationRequested)
                    yield break;
            }
            await Task.Delay(Poll, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task RemoveAsync(string run, PendingRequest request, CancellationToken ct)
    {
        var folder = store.Requests(run);
        var path = Path.Combine(folder, Path.GetFileName(request.Id));
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                DurableFile.FlushFolder(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unwritable(path, e);
        }
        return Task.CompletedTask;
    }

    private void MustExist(string run)
    {
        var journal = store.Journal(run);
        if (!File.Exists(journal))
            throw Faults.Missing(run, journal);
    }

    // Files that are still being written aside begin with a dot.
    private static List<string> Waiting(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.json")
                    .Select(path => Path.GetFileName(path))
                    .Where(name => name[0] != '.')
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    private static long Number(string name) =>
        long.TryParse(
            name.AsSpan(0, name.IndexOf('-') is > 0 and var hyphen ? hyphen : 0),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;

    // Null: it was removed between the listing and the reading.
    private static RunRequest? Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= GreatestBytes
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), StoreJson.Kebab.RunRequest)
                    ?? throw new JsonException("null")
                : throw new JsonException("too large");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path, e);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw Faults.Damaged(path, "it is no request that Belay wrote. Remove it, and ask again", e);
        }
    }
}
