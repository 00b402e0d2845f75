using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>
/// The console of a pgbouncer: its database <c>pgbouncer</c>. It speaks PostgreSQL's protocol in the simple form alone,
/// which the driver cannot (PostgreSQL documentation, chapter "Frontend/Backend Protocol"; pgbouncer usage, "Admin console").
/// </summary>
internal sealed class PoolerConsole : IAsyncDisposable
{
    private const int Protocol3 = 196_608;
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(10);
    private readonly Socket socket;
    private readonly NetworkStream stream;
    private readonly string place;

    private PoolerConsole(Socket socket, string place) =>
        (this.socket, this.place, stream) = (socket, place, new NetworkStream(socket, ownsSocket: true));

    /// <summary>Opens the console and logs in.</summary>
    /// <exception cref="OperationException">Transient: it cannot be reached; refused: it does not let us in.</exception>
    public static async Task<PoolerConsole> OpenAsync(PoolerInputs pooler, TimeProvider clock, CancellationToken ct)
    {
        var where = $"pgbouncer at {pooler.Host}:{pooler.Port}";
        using var late = new CancellationTokenSource(OpeningLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            return await LoggedInAsync(
                new PoolerConsole(await ConnectAsync(pooler, either.Token), where),
                pooler,
                either.Token
            );
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw OperationException.Transient($"{where}: no answer within {OpeningLimit.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw OperationException.Transient($"{where}: it cannot be reached: {e.Message}", e);
        }
    }

    private static async Task<PoolerConsole> LoggedInAsync(
        PoolerConsole console,
        PoolerInputs pooler,
        CancellationToken ct
    )
    {
        try
        {
            await console.LogInAsync(pooler, ct);
            return console;
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    private static async Task<Socket> ConnectAsync(PoolerInputs pooler, CancellationToken ct)
    {
        var unix = pooler.Host.StartsWith('/');
        var opened = unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (
                unix
                    ? opened
                        .ConnectAsync(new UnixDomainSocketEndPoint($"{pooler.Host}/.s.PGSQL.{pooler.Port}"), ct)
                        .AsTask()
                    : opened.ConnectAsync(pooler.Host, pooler.Port, ct).AsTask()
            );
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command; the rows that it answers, each by the names of its columns.</summary>
    /// <exception cref="OperationException">Refused: the console said no; outcome unknown: the connection was lost.</exception>
    public async Task<List<Dictionary<string, string>>> AskAsync(string command, CancellationToken ct)
    {
        try
        {
            await SendAsync((byte)'Q', Text(command), ct);
            return await AnswerAsync(command, ct);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw OperationException.OutcomeUnknown($"{place}: the connection was lost at {command}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        socket.Dispose();
    }

    private async Task<List<Dictionary<string, string>>> AnswerAsync(string command, CancellationToken ct)
    {
        var (columns, rows, error) = (Array.Empty<string>(), new List<Dictionary<string, string>>(), (string?)null);
        while (true)
        {
            var (kind, body) = await ReceiveAsync(ct);
            switch (kind)
            {
                case (byte)'T':
                    columns = ColumnsOf(body);
                    break;
                case (byte)'D':
                    rows.Add(
                        columns.Zip(ValuesOf(body)).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal)
                    );
                    break;
                case (byte)'E':
                    error = ErrorOf(body);
                    break;
                case (byte)'Z':
                    return error is null ? rows : throw OperationException.Refused($"{place}: {command}: {error}");
            }
        }
    }

    private async Task LogInAsync(PoolerInputs pooler, CancellationToken ct)
    {
        var startup = new List<byte>(new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(startup),
            Protocol3
        );
        foreach (
            var word in new[]
            {
                "user",
                pooler.User,
                "database",
                "pgbouncer",
                "application_name",
                Server.ApplicationName,
            }
        )
            startup.AddRange(Text(word));
        startup.Add(0);
        await SendAsync(null, [.. startup], ct);
        ScramLogin? scram = null;
        while (true)
        {
            var (kind, body) = await ReceiveAsync(ct);
            if (kind == 'E')
                throw OperationException.Refused(
                    $"{place}: it refused the login of {pooler.User}: {ErrorOf(body)}; correct user and password of the pooler, and its admin_users"
                );
            if (kind == 'Z')
                return;
            if (kind != 'R')
                continue;
            // AuthenticationOk, CleartextPassword, MD5Password, SASL, SASLContinue, SASLFinal.
            switch (BinaryPrimitives.ReadInt32BigEndian(body))
            {
                case 0 or 12:
                    break;
                case 3:
                    await SendAsync((byte)'p', Text(Password(pooler)), ct);
                    break;
                case 5:
                    await SendAsync(
                        (byte)'p',
                        Text(Md5Login.Answer(pooler.User, Password(pooler), body.AsSpan(4, 4))),
                        ct
                    );
                    break;
                case 10:
                    scram = new ScramLogin(Password(pooler));
                    await SendAsync((byte)'p', scram.First(), ct);
                    break;
                case 11 when scram is not null:
                    await SendAsync((byte)'p', scram.Final(Encoding.UTF8.GetString(body.AsSpan(4)), place), ct);
                    break;
                default:
                    throw OperationException.Refused(
                        $"{place}: it asks for a login that is not covered (neither a password nor none)"
                    );
            }
        }
    }

    private string Password(PoolerInputs pooler) =>
        pooler.Password?.Reveal()
        ?? throw OperationException.Refused($"{place}: it asks for a password, and the plan gives none");

    private async Task SendAsync(byte? kind, byte[] body, CancellationToken ct)
    {
        var message = new byte[(kind is null ? 0 : 1) + 4 + body.Length];
        if (kind is { } letter)
            message[0] = letter;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(message.Length - body.Length - 4), body.Length + 4);
        body.CopyTo(message, message.Length - body.Length);
        await stream.WriteAsync(message, ct);
    }

    private async Task<(byte Kind, byte[] Body)> ReceiveAsync(CancellationToken ct)
    {
        var head = new byte[5];
        await stream.ReadExactlyAsync(head, ct);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
        await stream.ReadExactlyAsync(body, ct);
        return (head[0], body);
    }

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    private static string[] ColumnsOf(byte[] body)
    {
        // A name, then 18 bytes of its origin and type.
        var names = new string[BinaryPrimitives.ReadInt16BigEndian(body)];
        for (var (i, at) = (0, 2); i < names.Length; i++)
        {
            var end = Array.IndexOf(body, (byte)0, at);
            names[i] = Encoding.UTF8.GetString(body.AsSpan(at, end - at));
            at = end + 1 + 18;
        }
        return names;
    }

    private static string[] ValuesOf(byte[] body)
    {
        var values = new string[BinaryPrimitives.ReadInt16BigEndian(body)];
        for (var (i, at) = (0, 2); i < values.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at));
            values[i] = length < 0 ? "" : Encoding.UTF8.GetString(body.AsSpan(at + 4, length));
            at += 4 + Math.Max(0, length);
        }
        return values;
    }

    // Fields, each a letter and a text; M is the message.
    private static string ErrorOf(byte[] body) =>
        Encoding.UTF8.GetString(body).Split('\0').FirstOrDefault(field => field.StartsWith('M'))?[1..]
        ?? "an error without a message";
}
