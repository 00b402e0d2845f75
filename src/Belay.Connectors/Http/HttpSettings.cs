using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Belay.Connectors.Network;
using Belay.Domain.Contract;

namespace Belay.Connectors.Http;

/// <summary>A service, named so that belay can tell whether it is still the same one: by the public key of its certificate. Operations name URLs and need no connection.</summary>
public sealed record HttpSettings : IIdentified
{
    /// <summary>Where it serves, <c>https://HOST[:PORT]</c>. Over http a service cannot prove which one it is.</summary>
    public required string Url { get; init; }

    /// <summary>A file (absolute path) with the certificate authorities, PEM, that may have signed its certificate. Default: the machine's.</summary>
    public string? CaFile { get; init; }

    /// <inheritdoc/>
    /// <remarks>SHA-256 over the certificate's SubjectPublicKeyInfo (RFC 7469, section 2.4): a certificate renewed with the same key is the same service, one with a new key is another.</remarks>
    public async ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url))
            throw OperationException.Refused($"'{Url}' is no URL");
        if (url.Scheme != Uri.UriSchemeHttps)
            return null;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(url.IdnHost, url.Port, ct);
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = url.IdnHost,
                    CertificateChainPolicy = CaFile is null ? null : Authorities.Of(CaFile),
                },
                ct
            );
            using var certificate = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
            return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()))}";
        }
        catch (AuthenticationException e)
        {
            throw OperationException.Refused(
                $"{url.GetLeftPart(UriPartial.Authority)}: no secure connection ({e.Message}): name its authority by ca-file, or mend the certificate",
                e
            );
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw OperationException.Transient($"{url.Host}:{url.Port}: no connection: {e.Message}", e);
        }
    }
}

[JsonSerializable(typeof(HttpSettings))]
internal sealed partial class HttpSettingsJson : JsonSerializerContext;
