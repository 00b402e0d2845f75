using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb.Wire;

/// <summary>One connection to a server; for one caller at a time. After an exception other than a refused command it is of no use.</summary>
internal sealed class MongoSession : IAsyncDisposable
{
    /// <summary>The name that Belay's connections carry in the server's log and in <c>currentOp</c>.</summary>
    public const string ApplicationName = "belay";

    private readonly MongoDbSettings settings;
    private readonly TimeProvider clock;
    private readonly Stream stream;
    private int messages;

    private MongoSession(MongoDbSettings settings, TimeProvider clock, Stream stream) =>
        (this.settings, this.clock, this.stream) = (settings, clock, stream);

    /// <summary>What the server said of itself (https://www.mongodb.com/docs/manual/reference/command/hello/).</summary>
    public BsonDocument Hello { get; private set; } = BsonDocument.Empty;

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="OperationException">Transient: nobody answers there. Refused: wrong user or password, or the certificate is not trusted.</exception>
    public static async Task<MongoSession> OpenAsync(MongoDbSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var session = new MongoSession(settings, clock, await Channel.OpenAsync(settings, clock, ct));
        try
        {
            session.Hello = await session.RunAsync("admin", Greeting(), ct);
            if (settings.User is { } user)
                await session.LogInAsync(user, settings.Password?.Reveal() ?? "", ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command.</summary>
    /// <param name="database">The database on which it runs.</param>
    /// <param name="command">The command, its name first, without <c>$db</c>.</param>
    /// <exception cref="OperationException">The server refused it, or no answer came.</exception>
    public async Task<BsonDocument> RunAsync(string database, BsonBuilder command, CancellationToken ct)
    {
        var (reply, refusal) = await TryRunAsync(database, command, ct);
        return refusal is null ? reply : throw refusal.Failure;
    }

    /// <summary>Runs a command, and hands out also what the server refused.</summary>
    /// <exception cref="OperationException">Outcome unknown: no answer came.</exception>
    public async Task<(BsonDocument Reply, ServerRefusal? Refusal)> TryRunAsync(
        string database,
        BsonBuilder command,
        CancellationToken ct
    )
    {
        var request = command.Add("$db", database).Build();
        var name = request.Elements.First().Name;
        var reply = await ExchangeAsync(name, request, ct);
        return (reply, RefusalOf(name, reply));
    }

    /// <summary>Hands out all documents of a command that answers by a cursor.</summary>
    public async IAsyncEnumerable<BsonDocument> ReadAsync(
        string database,
        BsonBuilder command,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var cursor = (await RunAsync(database, command, ct))["cursor"]!.Value.AsDocument();
        var batch = "firstBatch";
        while (true)
        {
            foreach (var document in cursor[batch]!.Value.AsList())
                yield return document.AsDocument();
            var id = cursor["id"]!.Value.AsInt64();
            if (id == 0)
                yield break;
            var place = cursor["ns"]!.Value.AsText();
            var more = new BsonBuilder()
                .Add("getMore", id)
                .Add("collection", place[(place.IndexOf('.', StringComparison.Ordinal) + 1)..]);
            cursor = (await RunAsync(database, more, ct))["cursor"]!.Value.AsDocument();
            batch = "nextBatch";
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static BsonBuilder Greeting() =>
        new BsonBuilder()
            .Add("hello", 1)
            .Add(
                "client",
                new BsonBuilder()
                    .Add("application", new BsonBuilder().Add("name", ApplicationName).Build())
                    .Add("driver", new BsonBuilder().Add("name", ApplicationName).Add("version", "1").Build())
                    .Add("os", new BsonBuilder().Add("type", "Linux").Build())
                    .Build()
            );

    // https://github.com/mongodb/specifications, source/auth: SCRAM-SHA-256.
    private async Task LogInAsync(string user, string password, CancellationToken ct)
    {
        var scram = new Scram(user, password, Scram.NewNonce());
        var reply = await RunAsync(
            settings.AuthSource,
            new BsonBuilder()
                .Add("saslStart", 1)
                .Add("mechanism", Scram.Mechanism)
                .Add("payload", Encoding.UTF8.GetBytes(scram.First))
                .Add("options", new BsonBuilder().Add("skipEmptyExchange", true).Build()),
            ct
        );
        reply = await ContinueAsync(reply, scram.Answer(Payload(reply)), ct);
        if (!scram.IsServer(Payload(reply)))
            throw OperationException.Refused(
                $"{settings.Address}: the server does not know the password of {user}: it is not the one it says it is"
            );
        if (!reply["done"]!.Value.AsBool())
            await ContinueAsync(reply, "", ct);
    }

    private Task<BsonDocument> ContinueAsync(BsonDocument reply, string payload, CancellationToken ct) =>
        RunAsync(
            settings.AuthSource,
            new BsonBuilder()
                .Add("saslContinue", 1)
                .Add("conversationId", reply["conversationId"]!.Value)
                .Add("payload", Encoding.UTF8.GetBytes(payload)),
            ct
        );

    private static string Payload(BsonDocument reply) =>
        Encoding.UTF8.GetString(reply["payload"]!.Value.AsBytes().Span);

    private async Task<BsonDocument> ExchangeAsync(string name, BsonDocument request, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(settings.AnswerWithin, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await stream.WriteAsync(new Message(++messages, 0, request).ToBytes(), stop.Token);
            return (await Message.ReadAsync(stream, stop.Token)).Body;
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw OperationException.OutcomeUnknown(
                $"{settings.Address} gave no answer to {name} within {settings.AnswerWithin.TotalSeconds:0.###} s",
                late
            );
        }
        catch (Exception broken) when (broken is IOException or SocketException or InvalidDataException)
        {
            throw OperationException.OutcomeUnknown(
                $"{settings.Address} broke the connection during {name}: {broken.Message}",
                broken
            );
        }
    }

    // A command that writes may answer ok and still tell of single writes that failed.
    private ServerRefusal? RefusalOf(string name, BsonDocument reply)
    {
        if (reply["ok"] is not { } ok || !ok.AsBool())
            return Failures.Of(settings.Address, name, reply);
        return reply["writeErrors"] is { Type: BsonType.Array } errors && errors.AsList() is [var first, ..]
            ? Failures.Of(settings.Address, name, first.AsDocument())
            : null;
    }
}
