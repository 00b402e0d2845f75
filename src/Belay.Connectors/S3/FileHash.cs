using System.Security.Cryptography;
using Belay.Domain.Contract;

namespace Belay.Connectors.S3;

/// <summary>What a file holds, in short.</summary>
internal static class FileHash
{
    /// <summary>SHA-256 of a file, lower-case hex; null when there is none.</summary>
    /// <exception cref="OperationException">Refused: it is a folder.</exception>
    public static async Task<string?> OfAsync(string path, CancellationToken ct)
    {
        if (Directory.Exists(path))
            throw OperationException.Refused($"{path} is a folder: name one file");
        if (!File.Exists(path))
            return null;
        await using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
    }
}
