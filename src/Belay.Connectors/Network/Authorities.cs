using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Belay.Domain.Contract;

namespace Belay.Connectors.Network;

/// <summary>Whose certificates are trusted.</summary>
internal static class Authorities
{
    /// <summary>Trust in the authorities of a file alone.</summary>
    /// <param name="file">Their certificates (PEM, absolute path).</param>
    /// <exception cref="OperationException">Refused: it cannot be read, or holds none.</exception>
    public static X509ChainPolicy Of(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // As without a policy of one's own; an authority inside a company seldom says where to ask.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw OperationException.Refused($"the certificates of {file} cannot be read: {e.Message}", e);
        }
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw OperationException.Refused($"{file} holds no certificate (PEM)");
    }
}
