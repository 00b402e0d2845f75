using System.Text.Json;
using Belay.Connectors.Redis;
using Belay.Connectors.Redis.Wire;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Redis;

/// <summary>A Redis server that speaks TLS on one port and plain RESP on another one, with a password on both.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string Password = "correct horse";
    private const string Version = """{ "connection": "cache", "server": "redis", "expect": "7.0" }""";
    private readonly TestAuthority authority = new();
    private readonly TestFolder folder = new();
    private RedisServer? server;
    private int port;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var own = authority.Issue();
        folder.Write("ca.pem", authority.Pem);
        port = FreePort.Take();
        server = await RedisServer.StartAsync(
            new()
            {
                Password = Password,
                Configuration =
                [
                    $"tls-port {port}",
                    $"tls-cert-file {folder.Write("server.pem", own.Certificate)}",
                    $"tls-key-file {folder.Write("server.key", own.Key)}",
                    $"tls-ca-cert-file {folder["ca.pem"]}",
                    "tls-auth-clients no",
                ],
            },
            Ct
        );
    }

    [Fact]
    public async Task A_server_of_the_named_authority_is_entered_and_works()
    {
        await using var client = await RedisClient.OpenAsync(Settings(), TimeProvider.System, Ct);
        await client.CallAsync(Ct, "SET", "big", new string('x', 300_000));
        await using var scratch = await RedisServer.StartAsync(new() { Flavor = RedisFlavor.Valkey }, Ct);
        await using var backup = Change(
            "redis.backup",
            """{ "connection": "cache", "to": "cache.aof", "scratch": "scratch" }""",
            ("scratch", new RedisSettings { Host = "127.0.0.1", Port = scratch.Port })
        );
        await foreach (var _ in backup.ApplyAsync(await backup.ObserveAsync(Ct), Ct)) { }
        await using var same = Check(
            "redis.same",
            """{ "from": "cache", "to": "plain" }""",
            ("plain", Settings() with { Port = server!.Port, Tls = false, TlsCa = null })
        );

        Assert.Equal(300_000, (await client.CallAsync(Ct, "GET", "big")).AsText().Length);
        Assert.True(backup.Plan(await backup.ObserveAsync(Ct)).IsEmpty);
        Assert.IsType<Verdict.Holds>(same.Judge(await same.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task Another_authority_or_none_is_refused_and_the_password_is_not_sent()
    {
        using var other = new TestAuthority();
        folder.Write("other.pem", other.Pem);
        var logins = await LoginsAsync();

        var wrong = await FailAsync(Settings() with { TlsCa = folder["other.pem"] });
        var none = await FailAsync(Settings() with { TlsCa = null });

        Assert.All([wrong, none], failure => Assert.Equal(FailureKind.Refused, failure.Kind));
        Assert.All(
            [wrong, none],
            failure => Assert.Contains($"127.0.0.1:{port} is not trusted", failure.Message, StringComparison.Ordinal)
        );
        Assert.Contains("tls-ca", none.Message, StringComparison.Ordinal);
        // Only that of the one who asks.
        Assert.Equal(logins + 1, await LoginsAsync());
    }

    [Theory]
    [InlineData("missing.pem")]
    [InlineData("empty.pem")]
    [InlineData("broken.pem")]
    public async Task A_file_without_certificates_is_refused_by_its_name(string file)
    {
        folder.Write("empty.pem", "");
        folder.Write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        var failure = await FailAsync(Settings() with { TlsCa = folder[file] });

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_clearly_and_told_nowhere()
    {
        var wrong = await FailAsync(Settings() with { Password = new Secret("hunter2") });
        var plain = await FailAsync(
            Settings() with
            {
                Password = new Secret("hunter2"),
                Tls = null,
                Port = server!.Port,
            }
        );
        var none = await FailAsync(Settings() with { Password = null });

        Assert.All([wrong, plain, none], failure => Assert.Equal(FailureKind.Refused, failure.Kind));
        Assert.Contains("refused AUTH: WRONGPASS", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("correct user and password of the connection", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("NOAUTH", none.Message, StringComparison.Ordinal);
        Assert.Contains("correct user and password of the connection", none.Message, StringComparison.Ordinal);
        Assert.All(
            [wrong, plain, none],
            failure =>
            {
                Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(Password, failure.ToString(), StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task Tls_to_a_port_without_it_and_the_reverse_fail_with_the_address()
    {
        var tls = await FailAsync(Settings() with { Port = server!.Port, AnswerWithin = TimeSpan.FromSeconds(3) });
        var plain = await FailAsync(Settings() with { Tls = null, AnswerWithin = TimeSpan.FromSeconds(3) });

        Assert.Contains(server.Endpoint, tls.Message, StringComparison.Ordinal);
        Assert.Contains("TLS", tls.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", plain.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        authority.Dispose();
        folder.Dispose();
    }

    private async Task<int> LoginsAsync()
    {
        const string counter = "cmdstat_auth:calls=";
        var info = await server!.CommandAsync("INFO", "commandstats");
        return int.Parse(info[(info.IndexOf(counter, StringComparison.Ordinal) + counter.Length)..].Split(',')[0]);
    }

    private RedisSettings Settings() =>
        new()
        {
            Host = "127.0.0.1",
            Port = port,
            Password = new Secret(Password),
            Tls = true,
            TlsCa = folder["ca.pem"],
        };

    private async Task<OperationException> FailAsync(RedisSettings settings)
    {
        await using var version = Check("redis.version", Version, ("cache", settings));
        return await Assert.ThrowsAsync<OperationException>(async () => await version.ObserveAsync(Ct));
    }

    private BoundCheck Check(string operation, string inputs, (string Name, RedisSettings Settings) other) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            JsonElement.Parse(inputs),
            Scope(other)
        );

    private BoundChange Change(string operation, string inputs, (string Name, RedisSettings Settings) other) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            JsonElement.Parse(inputs),
            Scope(other)
        );

    private TestScope Scope((string Name, RedisSettings Settings) other) =>
        new(
            folder.Folder("plan"),
            folder.Folder("run"),
            TestProgram.Instance.Processes,
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["cache"] = Settings(),
                [other.Name] = other.Settings,
            }
        );
}
