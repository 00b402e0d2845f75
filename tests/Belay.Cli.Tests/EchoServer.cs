using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Belay.Cli.Tests;

/// <summary>A server that says back everything that it was told: in its headers, in the place to which it sends on, in its body.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();

    private readonly string status;

    /// <param name="status">The status of its answers.</param>
    public EchoServer(string status = "302 Found")
    {
        this.status = status;
        listener.Start();
        _ = ServeAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public void Dispose()
    {
        ended.Cancel();
        listener.Dispose();
        ended.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ended.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var token = "";
        while (await reader.ReadLineAsync(ended.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))
                token = line["Authorization: ".Length..];
        }
        var words = $$"""{"type":"security_exception","code":"DENIED","reason":"{{token}}","message":"{{token}}"}""";
        var body = $$"""{"token":"{{token}}","error":{{words}},"errors":[{{words}}],"status":401}""";
        var answer =
            $"HTTP/1.1 {status}\r\nLocation: {Url}/?token={Uri.EscapeDataString(token)}\r\nX-Echo: {token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), ended.Token);
    }
}
