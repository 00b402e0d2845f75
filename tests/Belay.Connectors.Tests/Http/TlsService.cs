using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Belay.Parts;

namespace Belay.Connectors.Tests.Http;

/// <summary>Answers every request over TLS with <c>{"release":"4.2.0"}</c>, and counts them.</summary>
internal sealed class TlsService : IAsyncDisposable
{
    private static readonly byte[] Answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 19\r\nConnection: close\r\n\r\n{\"release\":\"4.2.0\"}"u8.ToArray();
    private readonly TcpListener listener = new(IPAddress.Loopback, FreePort.Take());
    private readonly X509Certificate2 certificate;
    private readonly Task serving;
    private int requests;

    public TlsService(ServerCertificate own)
    {
        certificate = X509Certificate2.CreateFromPem(own.Certificate, own.Key);
        listener.Start();
        serving = ServeAsync();
    }

    public string Url => $"https://{listener.LocalEndpoint}";

    public int Requests => requests;

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await serving;
        certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                // A client that does not trust us hangs up; the next one may.
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        await using var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(certificate);
        using var reader = new StreamReader(secure, leaveOpen: true);
        // A client that does not trust us may complete the handshake, and leaves without a word.
        if (await reader.ReadLineAsync() is null)
            return;
        while (await reader.ReadLineAsync() is { Length: > 0 }) { }
        Interlocked.Increment(ref requests);
        await secure.WriteAsync(Answer);
    }
}
