using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>A file of <c>KEY=VALUE</c> lines in which services read where the server is.</summary>
internal sealed class EndpointFile(string path, string key)
{
    // One character a byte, so that bytes that are no UTF-8 survive.
    private static readonly Encoding Bytes = Encoding.Latin1;
    private readonly string draft = $"{path}.belay";

    /// <summary>The key's value.</summary>
    /// <exception cref="OperationException">Refused: the file cannot be read, or has no such line, or more than one.</exception>
    public async Task<string> ReadAsync(CancellationToken ct)
    {
        var lines = (await TextAsync(path, ct)).Split('\n').Where(IsOurs).ToArray();
        return lines.Length == 1
            ? lines[0][(key.Length + 1)..].TrimEnd('\r')
            : throw OperationException.Refused($"{path} has {lines.Length} lines that begin with {key}=, expected one");
    }

    /// <summary>Writes the file with another value beside the old one, flushed to disk. Nobody reads it there.</summary>
    /// <exception cref="OperationException">Refused: the file cannot be read or written.</exception>
    public async Task PrepareAsync(string value, CancellationToken ct)
    {
        if (await ReadAsync(ct) != value)
            await WriteDraftAsync(await WithAsync(value, ct), ct);
    }

    /// <summary>Replaces the value, the rest byte for byte as it was. A reader sees the old file or the new one, never a part.</summary>
    /// <exception cref="OperationException">Refused: the file cannot be read or written.</exception>
    public async Task WriteAsync(string value, CancellationToken ct)
    {
        if (await ReadAsync(ct) == value)
        {
            Discard();
            return;
        }
        var wanted = await WithAsync(value, ct);
        // What was prepared is of no use when somebody changed another line since.
        if (!File.Exists(draft) || await TextAsync(draft, ct) != wanted)
            await WriteDraftAsync(wanted, ct);
        try
        {
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be replaced: {failure.Message}", failure);
        }
    }

    /// <summary>Removes what was prepared and is not needed.</summary>
    public void Discard() => File.Delete(draft);

    private async Task WriteDraftAsync(string text, CancellationToken ct)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = mode,
            };
            await using (var file = new FileStream(draft, options))
            {
                await file.WriteAsync(Bytes.GetBytes(text), ct);
                file.Flush(flushToDisk: true);
            }
            File.SetUnixFileMode(draft, mode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be rewritten: {failure.Message}", failure);
        }
    }

    private async Task<string> WithAsync(string value, CancellationToken ct) =>
        string.Join(
            '\n',
            (await TextAsync(path, ct))
                .Split('\n')
                .Select(line => IsOurs(line) ? $"{key}={value}{(line.EndsWith('\r') ? "\r" : "")}" : line)
        );

    private bool IsOurs(string line) => line.StartsWith($"{key}=", StringComparison.Ordinal);

    private static async Task<string> TextAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(path, Bytes, ct);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
