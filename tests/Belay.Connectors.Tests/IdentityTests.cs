using System.Security.Cryptography;
using Belay.Connectors.Files;
using Belay.Connectors.HaProxy;
using Belay.Connectors.Http;
using Belay.Connectors.PostgreSql;
using Belay.Connectors.Redis;
using Belay.Connectors.S3;
using Belay.Connectors.Ssh;
using Belay.Connectors.Tests.Http;
using Belay.Connectors.Tests.PostgreSql;
using Belay.Connectors.Tests.S3;
using Belay.Domain.Contract;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests;

/// <summary>Real systems say which ones they are: the same after a restart, another one after a swap.</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly TestAuthority authority = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_renewed_certificate_with_the_same_key_is_the_same_service_and_one_with_a_new_key_is_another()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var first = new TlsService(authority.Issue(key));
        await using var renewed = new TlsService(authority.Issue(key));
        await using var other = new TlsService(authority.Issue());

        var id = await IdOf(first);

        Assert.StartsWith("sha256:", id, StringComparison.Ordinal);
        Assert.Equal(id, await IdOf(renewed));
        Assert.NotEqual(id, await IdOf(other));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_says_nothing()
    {
        using var stranger = new TestAuthority("Another Authority");
        await using var service = new TlsService(stranger.Issue());

        var failure = await Assert.ThrowsAsync<OperationException>(() => IdOf(service));

        Assert.Contains("no secure connection", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_over_http_has_no_id() =>
        Assert.Null(await AskAsync(new HttpSettings { Url = "http://127.0.0.1:1/" }));

    [Fact]
    public async Task A_machine_says_the_same_each_time_and_never_its_machine_id()
    {
        var id = await AskAsync(new FilesSettings());

        Assert.Equal(id, await AskAsync(new FilesSettings()));
        if (
            File.Exists("/etc/machine-id")
            && (await File.ReadAllTextAsync("/etc/machine-id", Ct)).Trim() is { Length: 32 } own
        )
        {
            Assert.NotNull(id);
            Assert.DoesNotContain(own, id, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_over_SSH_is_the_host_key_that_it_proves_and_no_login_is_needed_for_that()
    {
        Assert.SkipUnless(await SshdServer.CanRunAsync(Ct), "sshd cannot run here (see the SSH tests)");
        await using var server = await SshdServer.StartAsync(Ct);
        await using var other = await SshdServer.StartAsync(Ct);

        var id = await AskAsync(Settings(server));

        Assert.Matches("^ssh-ed25519 SHA256:[A-Za-z0-9+/]{43}$", id);
        Assert.Equal(id, await AskAsync(Settings(server) with { User = "nobody", Key = other.Key }));
        Assert.NotEqual(id, await AskAsync(Settings(other)));
        // A server in between is greeted with the same key and known hosts, not with the operator's own.
        Assert.Equal(
            id,
            await AskAsync(Settings(server) with { Through = $"{Environment.UserName}@127.0.0.1:{server.Port}" })
        );
        var stranger = await Assert.ThrowsAsync<OperationException>(() =>
            AskAsync(Settings(server) with { KnownHosts = other.KnownHosts })
        );
        Assert.Equal(FailureKind.Refused, stranger.Kind);
        Assert.Contains("Host key verification failed", stranger.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("debug1", stranger.Message, StringComparison.Ordinal);
        await server.StopAsync();
        Assert.Equal(
            FailureKind.Transient,
            (await Assert.ThrowsAsync<OperationException>(() => AskAsync(Settings(server)))).Kind
        );

        static SshSettings Settings(SshdServer server) =>
            new()
            {
                Host = "127.0.0.1",
                Port = server.Port,
                User = Environment.UserName,
                Key = server.Key,
                KnownHosts = server.KnownHosts,
            };
    }

    [Fact]
    public async Task A_bucket_is_told_from_another_one_and_one_that_is_not_there_says_nothing()
    {
        await using var buckets = await Buckets.StartAsync(Ct);

        var id = await AskAsync(buckets.From);

        Assert.NotNull(id);
        Assert.Equal(id, await AskAsync(buckets.From));
        Assert.NotEqual(id, await AskAsync(buckets.To));
        using var transport = new S3Transport(buckets.From, TimeProvider.System);
        Assert.EndsWith(
            $"/{buckets.From.Bucket}",
            await BucketIdentity.ByOwnerAsync(buckets.From, transport, Ct),
            StringComparison.Ordinal
        );
        var missing = await Assert.ThrowsAsync<OperationException>(() =>
            AskAsync(buckets.From with { Bucket = "is-not-there" })
        );
        Assert.Contains("does not list a bucket 'is-not-there'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_owner_of_a_bucket_is_read_from_Amazons_own_example()
    {
        // Amazon S3 API Reference, GetBucketAcl, "Sample Response".
        const string Sample = """
            <AccessControlPolicy>
              <Owner>
                <ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID>
                <DisplayName>CustomersName@amazon.com</DisplayName>
              </Owner>
              <AccessControlList></AccessControlList>
            </AccessControlPolicy>
            """;

        Assert.Equal("75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a", S3Listing.Owner(Sample));
    }

    [Fact]
    public async Task Of_a_balancer_the_machine_is_told_and_of_one_over_TCP_nothing()
    {
        Assert.Equal(
            await AskAsync(new FilesSettings()),
            await AskAsync(new HaProxySettings { Sockets = ["10.0.0.7:9999", "/run/haproxy/admin.sock"] })
        );
        Assert.Null(await AskAsync(new HaProxySettings { Sockets = ["10.0.0.7:9999"] }));
    }

    [Fact]
    public async Task A_node_of_a_cluster_keeps_its_id_and_a_server_outside_one_has_none()
    {
        await using var alone = await RedisServer.StartAsync(new(), Ct);
        await using var node = await RedisServer.StartAsync(new() { Configuration = ["cluster-enabled yes"] }, Ct);

        Assert.Null(await AskAsync(new RedisSettings { Host = "127.0.0.1", Port = alone.Port }));
        Assert.Matches("^[0-9a-f]{40}$", await AskAsync(new RedisSettings { Host = "127.0.0.1", Port = node.Port }));
    }

    [Fact]
    public async Task A_database_cluster_says_its_system_identifier_to_a_role_that_may_ask_and_others_are_told_what_to_grant()
    {
        await using var server = await PostgresServer.StartAsync(
            new PostgresOptions { Password = "superuser", OwnIdentifier = true },
            Ct
        );
        await server.ExecuteAsync(
            $"CREATE ROLE {SharedPostgres.Role} LOGIN PASSWORD '{SharedPostgres.Password}'",
            ct: Ct
        );
        var settings = SharedPostgres.Settings(server, "postgres");

        var id = await AskAsync(settings);

        Assert.Equal(await server.ExecuteAsync("SELECT system_identifier::text FROM pg_control_system()", ct: Ct), id);
        await server.ExecuteAsync("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public", ct: Ct);
        var refused = await Assert.ThrowsAsync<OperationException>(() => AskAsync(settings));
        Assert.Contains(
            $"grant execute on function pg_control_system() to {SharedPostgres.Role}",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    private Task<string?> IdOf(TlsService service) =>
        AskAsync(new HttpSettings { Url = service.Url, CaFile = folder.Write("ca.pem", authority.Pem) });

    private static Task<string?> AskAsync(IIdentified settings) =>
        settings.IdentifyAsync(TimeProvider.System, Ct).AsTask();
}
