using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Files;

/// <summary>The machine that belay runs on, named so that belay can tell whether it is still the same one. Operations on files need no connection.</summary>
public sealed record FilesSettings : IIdentified
{
    private const string MachineIdFile = "/etc/machine-id";

    /// <inheritdoc/>
    /// <remarks>The machine id is confidential, and is shown only as a keyed hash (machine-id(5)). Copies of one image that were never given ids of their own share one.</remarks>
    public async ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct)
    {
        try
        {
            var id = (await File.ReadAllTextAsync(MachineIdFile, ct)).Trim();
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
            throw OperationException.Refused($"{MachineIdFile} cannot be read: {e.Message}", e);
        }
    }
}

[JsonSerializable(typeof(FilesSettings))]
internal sealed partial class FilesSettingsJson : JsonSerializerContext;
