using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Belay.Connectors.MongoDb.Wire;
using Belay.Parts;

namespace Belay.MongoStandIn;

/// <summary>A server that speaks the wire protocol of MongoDB for the commands that Belay and the stand-in tools use, with its data in memory. It is no MongoDB; see README.md.</summary>
public sealed class StandInServer : IAsyncDisposable
{
    private readonly StandInOptions options;
    private readonly TcpListener listener;
    private readonly CancellationTokenSource ending = new();
    private readonly Task accepting;

    private StandInServer(StandInOptions options)
    {
        this.options = options;
        Port = options.Port ?? FreePort.Take();
        Store = new Store(options.ReplicaSet is not null);
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What it holds.</summary>
    internal Store Store { get; }

    /// <summary>Starts one.</summary>
    public static StandInServer Start(StandInOptions? options = null) => new(options ?? new StandInOptions());

    /// <summary>The collections, as <c>database.collection</c>.</summary>
    public IReadOnlyList<string> Namespaces()
    {
        lock (Store.Gate)
            return [.. Store.Databases.SelectMany(db => Store.Collections(db).Select(c => $"{db}.{c.Name}"))];
    }

    /// <summary>The documents of a collection, as canonical Extended JSON, by their <c>_id</c> in the same form.</summary>
    public IReadOnlyDictionary<string, string> Documents(string database, string collection)
    {
        lock (Store.Gate)
            return (
                Store.Find(database, collection)?.Documents.Values ?? Enumerable.Empty<BsonDocument>()
            ).ToDictionary(document => ExtendedJson.ToJson(document["_id"]!.Value).ToString(), ExtendedJson.ToText);
    }

    /// <summary>Puts a document, written as Extended JSON, into a collection, in the place of one with its <c>_id</c>.</summary>
    public void Put(string database, string collection, string document)
    {
        var content = ExtendedJson.ToBson(JsonElement.Parse(document));
        lock (Store.Gate)
            Store.Open(database, collection).Documents[content["_id"]!.Value] = content;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // In this order: to a listener that is stopped already, the next accept would be a fault of its caller.
        await ending.CancelAsync();
        await accepting;
        listener.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var commands = new Commands(options, Store);
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(ending.Token);
                serving.RemoveAll(task => task.IsCompleted);
                serving.Add(ServeAsync(client, commands));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client, Commands commands)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await using var stream = await OpenAsync(client);
                var session = new ClientSession(options);
                while (true)
                {
                    var request = await Request.ReadAsync(stream, ending.Token);
                    await stream.WriteAsync(request.Answer(commands.Run(session, request.Body)), ending.Token);
                }
            }
        }
        catch (Exception e)
            when (e
                    is IOException
                        or OperationCanceledException
                        or SocketException
                        or InvalidDataException
                        or AuthenticationException
            )
        {
            // The client went away, or the server ends.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (options.Certificate is not { } certificate)
            return client.GetStream();
        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate },
            ending.Token
        );
        return secure;
    }
}
