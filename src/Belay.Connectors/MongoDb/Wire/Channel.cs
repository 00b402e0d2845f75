using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Belay.Connectors.Network;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>Opens the byte stream to a server, over TLS where the connection says so.</summary>
internal static class Channel
{
    /// <exception cref="OperationException">Transient: nobody answers there. Refused: the certificate is not trusted.</exception>
    public static async Task<Stream> OpenAsync(MongoDbSettings settings, TimeProvider clock, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(settings.AnswerWithin, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, stop.Token);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return settings.Tls ? await SecureAsync(plain, settings, stop.Token) : plain;
        }
        catch (Exception failure)
        {
            socket.Dispose();
            throw failure switch
            {
                OperationCanceledException when ct.IsCancellationRequested => failure,
                AuthenticationException => OperationException.Refused(
                    $"{settings.Address} is not trusted, and nothing was sent: {failure.Message.TrimEnd('.')}; name its authority by tls-ca, or mend its certificate; a port without TLS looks the same",
                    failure
                ),
                OperationCanceledException or SocketException or IOException => OperationException.Transient(
                    $"cannot reach a MongoDB server at {settings.Address}{(settings.Tls ? " over TLS" : "")}: {failure.Message}",
                    failure
                ),
                _ => failure,
            };
        }
    }

    private static async Task<Stream> SecureAsync(Stream plain, MongoDbSettings settings, CancellationToken ct)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = settings.Host };
        if (settings.TlsCa is { } file)
            options.CertificateChainPolicy = Authorities.Of(file);
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        await secure.AuthenticateAsClientAsync(options, ct);
        return secure;
    }
}
