using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Belay.Connectors.Tests;

/// <summary>A certificate authority of a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Past = TimeSpan.FromHours(1);
    private static readonly TimeSpan Future = TimeSpan.FromDays(1);
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 root;

    public TestAuthority(string name = "Test Authority")
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        root = request.CreateSelfSigned(now - Past, now + Future);
    }

    /// <summary>Its own certificate: what a client trusts.</summary>
    public string Pem => root.ExportCertificatePem();

    /// <summary>A server's certificate and key; the name is the address 127.0.0.1 unless another host is given.</summary>
    public ServerCertificate Issue(string? host = null)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Issue(own, host);
    }

    /// <summary>Another certificate for a key.</summary>
    public ServerCertificate Issue(ECDsa own, string? host = null)
    {
        var request = new CertificateRequest("CN=server of a test", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (host is null)
            names.AddIpAddress(IPAddress.Loopback);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(root, now - Past, now + (Future / 2), RandomNumberGenerator.GetBytes(8));
        return new ServerCertificate(issued.ExportCertificatePem(), own.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        root.Dispose();
        key.Dispose();
    }
}

/// <summary>A server's certificate and its key, both PEM.</summary>
internal sealed record ServerCertificate(string Certificate, string Key);
