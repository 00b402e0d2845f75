using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Belay.Connectors.Network;
using Belay.Domain.Contract;

namespace Belay.Connectors.Redis.Wire;

/// <summary>One connection to a server; for one caller at a time. After an exception other than a refused command it is of no use.</summary>
internal sealed class RedisClient : IAsyncDisposable
{
    /// <summary>The name that Belay's connections carry in the server's list of clients.</summary>
    public const string ClientName = "belay";

    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(10);
    private readonly RedisSettings settings;
    private readonly TimeProvider clock;
    private readonly Stream stream;
    private readonly RespReader reader;
    private int database;

    private RedisClient(RedisSettings settings, TimeProvider clock, Stream stream)
    {
        (this.settings, this.clock, this.stream) = (settings, clock, stream);
        reader = new RespReader(stream);
    }

    /// <summary><c>HOST:PORT</c>.</summary>
    public string Address => settings.Address;

    /// <summary>Connects, proves who we are, and names the connection.</summary>
    /// <exception cref="OperationException">Transient: nobody answers there. Refused: wrong user or password, or the certificate is not trusted.</exception>
    public static async Task<RedisClient> OpenAsync(RedisSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var client = new RedisClient(settings, clock, await ConnectAsync(settings, clock, ct));
        try
        {
            if (settings.Password is { } password)
                await client.CallAsync(Authentication(settings.User, password), ct);
            await client.CallAsync(RespCommand.Of("CLIENT", "SETNAME", ClientName), ct);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one command and hands out its reply.</summary>
    /// <exception cref="OperationException">The server refused the command, or no answer came.</exception>
    public async Task<RespReply> CallAsync(RespCommand command, CancellationToken ct)
    {
        var reply = (await SendAsync([command], ct))[0];
        return reply is RespReply.Error error ? throw Failure(command, error) : reply;
    }

    /// <inheritdoc cref="CallAsync(RespCommand,CancellationToken)"/>
    public Task<RespReply> CallAsync(CancellationToken ct, params string[] arguments) =>
        CallAsync(RespCommand.Of(arguments), ct);

    /// <summary>Sends commands in one go; every one must succeed.</summary>
    /// <exception cref="OperationException">One of them failed, or no answer came.</exception>
    public async Task<IReadOnlyList<RespReply>> CallAllAsync(IReadOnlyList<RespCommand> commands, CancellationToken ct)
    {
        var replies = await SendAsync(commands, ct);
        for (var i = 0; i < commands.Count; i++)
        {
            if (replies[i] is RespReply.Error error)
                throw Failure(commands[i], error);
        }
        return replies;
    }

    /// <summary>Sends commands in one go and hands out their replies in order, errors included.</summary>
    /// <exception cref="OperationException">Outcome unknown: the answers did not come.</exception>
    public async Task<IReadOnlyList<RespReply>> SendAsync(IReadOnlyList<RespCommand> commands, CancellationToken ct)
    {
        if (commands.Count == 0)
            return [];
        using var limit = new CancellationTokenSource(settings.AnswerWithin ?? DefaultLimit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await WriteAsync(commands, stop.Token);
            var replies = new RespReply[commands.Count];
            for (var i = 0; i < replies.Length; i++)
                replies[i] = await reader.ReadAsync(stop.Token);
            return replies;
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw OperationException.OutcomeUnknown(
                $"{Address} gave no answer to {commands[0].Name} within {(settings.AnswerWithin ?? DefaultLimit).TotalSeconds:0.###} s",
                late
            );
        }
        catch (Exception broken) when (broken is IOException or SocketException or InvalidDataException)
        {
            throw OperationException.OutcomeUnknown(
                $"{Address} broke the connection during {commands[0].Name}: {broken.Message}",
                broken
            );
        }
    }

    /// <summary>Writes without waiting for an answer; <see cref="ReceiveAsync"/> reads what comes.</summary>
    public async Task WriteAsync(IReadOnlyList<RespCommand> commands, CancellationToken ct)
    {
        await using var request = new MemoryStream();
        foreach (var command in commands)
            command.WriteTo(request);
        await stream.WriteAsync(request.GetBuffer().AsMemory(0, (int)request.Length), ct);
    }

    /// <summary>Reads what the server sends next, however long that takes.</summary>
    public ValueTask<RespReply> ReceiveAsync(CancellationToken ct) => reader.ReadAsync(ct);

    /// <summary>Turns to one of the server's numbered databases.</summary>
    public async Task SelectAsync(int number, CancellationToken ct)
    {
        if (database == number)
            return;
        await CallAsync(ct, "SELECT", number.ToString(CultureInfo.InvariantCulture));
        database = number;
    }

    /// <summary>The typed failure of a refused command. The message names the command, never its arguments.</summary>
    public OperationException Failure(RespCommand command, RespReply.Error error)
    {
        var hint = error.Code is "WRONGPASS" or "NOAUTH" ? "; correct user and password of the connection" : "";
        var message = $"{Address} refused {command.Name}: {error.Message.TrimEnd('.')}{hint}";
        return error.Code is "LOADING" or "BUSY" or "TRYAGAIN" or "MASTERDOWN"
            ? OperationException.Transient(message)
            : OperationException.Refused(message);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static RespCommand Authentication(string? user, Secret password) =>
        user is null
            ? RespCommand.Of("AUTH", Words.FromText(password.Reveal()))
            : RespCommand.Of("AUTH", Words.FromText(user), Words.FromText(password.Reveal()));

    private static async Task<Stream> ConnectAsync(RedisSettings settings, TimeProvider clock, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(settings.AnswerWithin ?? DefaultLimit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host, settings.EffectivePort, stop.Token);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return settings.Tls is true ? await SecureAsync(plain, settings, stop.Token) : plain;
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
                    $"cannot reach a Redis or Valkey server at {settings.Address}{(settings.Tls is true ? " over TLS" : "")}: {failure.Message}",
                    failure
                ),
                _ => failure,
            };
        }
    }

    private static async Task<Stream> SecureAsync(Stream plain, RedisSettings settings, CancellationToken ct)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = settings.Host };
        if (settings.TlsCa is { } file)
            options.CertificateChainPolicy = Authorities.Of(file);
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        await secure.AuthenticateAsClientAsync(options, ct);
        return secure;
    }
}
