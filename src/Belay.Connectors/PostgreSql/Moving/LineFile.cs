using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>One line of a file, replaced so that a reader sees the old file or the new one, never a part; the rest stays byte for byte.</summary>
/// <param name="path">The file (absolute).</param>
/// <param name="isOurs">Which line it is; exactly one must be.</param>
/// <param name="words">The same for people.</param>
internal sealed class LineFile(string path, Predicate<string> isOurs, string words)
{
    private static readonly TimeSpan OwnerLimit = TimeSpan.FromSeconds(10);

    private string Draft => $"{path}.belay";

    /// <summary>The line, without what ends it.</summary>
    /// <exception cref="OperationException">Refused: the file cannot be read, or has no such line, or more than one.</exception>
    public async Task<string> ReadAsync(CancellationToken ct)
    {
        var found = (await LinesAsync(ct)).Where(line => isOurs(line)).ToArray();
        return found.Length == 1
            ? found[0].TrimEnd('\r')
            : throw OperationException.Refused($"{path} has {found.Length} lines {words}, expected one");
    }

    /// <summary>Writes the whole file aside, with another line, flushed to disk, with the owner and mode of the present one.</summary>
    public async Task DraftAsync(string line, IScope scope, CancellationToken ct)
    {
        await ReadAsync(ct);
        var lines = (await LinesAsync(ct)).Select(old => isOurs(old) ? line + (old.EndsWith('\r') ? "\r" : "") : old);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = File.GetUnixFileMode(path),
            };
            await using (var file = new FileStream(Draft, options))
            {
                await file.WriteAsync(Encoding.Latin1.GetBytes(string.Join('\n', lines)), ct);
                file.Flush(flushToDisk: true);
            }
            File.SetUnixFileMode(Draft, File.GetUnixFileMode(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Cannot(failure);
        }
        // Another user's service must be able to read what it read before.
        if (Environment.IsPrivilegedProcess)
            await scope.Commands.RunAsync(
                new Command
                {
                    Program = "chown",
                    Arguments = [$"--reference={path}", Draft],
                    Limit = OwnerLimit,
                },
                null,
                ct
            );
    }

    /// <summary>Puts the draft in the file's place.</summary>
    public void Place()
    {
        try
        {
            File.Move(Draft, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Cannot(failure);
        }
    }

    private OperationException Cannot(Exception failure) =>
        OperationException.Refused($"{path} cannot be rewritten: {failure.Message}", failure);

    // One character a byte, so that bytes that are no UTF-8 survive.
    private async Task<string[]> LinesAsync(CancellationToken ct)
    {
        try
        {
            return (await File.ReadAllTextAsync(path, Encoding.Latin1, ct)).Split('\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
