using Belay.Domain.Evidence;

namespace Belay.Cli.Work;

/// <summary>Attestations as files.</summary>
internal static class Attestations
{
    /// <summary>The name of the file beside a journal.</summary>
    public const string FileName = "attestation.json";

    /// <summary>Writes an attestation whole or not at all; one that is there is replaced.</summary>
    public static void Write(string path, DsseEnvelope envelope)
    {
        var aside = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(aside, envelope.Write());
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Reads an attestation; nothing of it is proven yet.</summary>
    /// <exception cref="Refusal">It cannot be read, or is none.</exception>
    public static DsseEnvelope Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > DsseEnvelope.GreatestBytes)
                throw new BadEvidenceException($"it is larger than {DsseEnvelope.GreatestBytes / 1024 / 1024} MB");
            return DsseEnvelope.Read(File.ReadAllBytes(path));
        }
        catch (BadEvidenceException e)
        {
            throw new Refusal(ExitCode.SaysNo, $"{path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.BadUsage, $"{path}: the attestation cannot be read: {e.Message}");
        }
    }
}
