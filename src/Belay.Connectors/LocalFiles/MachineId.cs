using System.Security.Cryptography;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.LocalFiles;

/// <summary>Which machine Belay runs on.</summary>
internal static class MachineId
{
    private const string IdFile = "/etc/machine-id";

    /// <summary>An id of this machine; null when it was never given one.</summary>
    /// <remarks>The machine id is confidential, and is shown only as a keyed hash (machine-id(5)). Copies of one image that were never given ids of their own share one.</remarks>
    /// <exception cref="OperationException">It may not be read.</exception>
    public static async ValueTask<string?> ReadAsync(CancellationToken ct)
    {
        try
        {
            var id = (await File.ReadAllTextAsync(IdFile, ct)).Trim();
            // "uninitialized": the machine has not had its first boot.
            return id.Length != 32
                ? null
                : $"machine:{Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(id), "belay"u8))[..32]}";
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{IdFile} cannot be read: {e.Message}", e);
        }
    }
}
