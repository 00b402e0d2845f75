using Belay.Domain.Contract;

namespace Belay.Connectors.Redis;

/// <summary>The file of <c>KEY=VALUE</c> lines in which services read where the server is.</summary>
internal static class EndpointFile
{
    /// <summary>The key's value.</summary>
    /// <exception cref="OperationException">Refused: the file cannot be read, or has no such line, or more than one.</exception>
    public static async Task<string> ReadAsync(string path, string key, CancellationToken ct)
    {
        var lines = (await TextAsync(path, ct)).Split('\n').Where(line => IsOf(line, key)).ToArray();
        return lines.Length == 1
            ? lines[0][(key.Length + 1)..].TrimEnd('\r')
            : throw OperationException.Refused($"{path} has {lines.Length} lines that begin with {key}=, expected one");
    }

    /// <summary>Replaces the value, the rest byte for byte as it was. A reader sees the old file or the new one, never a part.</summary>
    /// <exception cref="OperationException">Refused: the file cannot be read or written.</exception>
    public static async Task WriteAsync(string path, string key, string value, CancellationToken ct)
    {
        if (await ReadAsync(path, key, ct) == value)
            return;
        var lines = (await TextAsync(path, ct))
            .Split('\n')
            .Select(line => IsOf(line, key) ? $"{key}={value}{(line.EndsWith('\r') ? "\r" : "")}" : line);
        var draft = $"{path}.belay";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = File.GetUnixFileMode(path),
            };
            await using (var file = new FileStream(draft, options))
            {
                await file.WriteAsync(System.Text.Encoding.Latin1.GetBytes(string.Join('\n', lines)), ct);
                file.Flush(flushToDisk: true);
            }
            File.SetUnixFileMode(draft, File.GetUnixFileMode(path));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be rewritten: {failure.Message}", failure);
        }
    }

    private static bool IsOf(string line, string key) => line.StartsWith($"{key}=", StringComparison.Ordinal);

    // One character a byte, so that bytes that are no UTF-8 survive.
    private static async Task<string> TextAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(path, System.Text.Encoding.Latin1, ct);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
