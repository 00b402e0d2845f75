using Belay.Connectors.PostgreSql;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.PostgreSql;

/// <summary>A server with a certificate of an authority of its own, for 127.0.0.1.</summary>
public sealed class TlsServer : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private PostgresServer? server;

    /// <summary>The server.</summary>
    public PostgresServer Server => server!;

    /// <summary>The file with the authority that signed its certificate.</summary>
    public string Root { get; private set; } = "";

    /// <summary>The file with another authority of the same name.</summary>
    public string OtherRoot { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        var own = authority.Issue();
        (Root, OtherRoot) = (folder.Write("ca.pem", authority.Pem), folder.Write("other.pem", other.Pem));
        server = await PostgresServer.StartAsync(
            new PostgresOptions
            {
                Password = "superuser",
                Tls = new PostgresTls(own.Certificate, own.Key),
                Settings = ["log_connections=on"],
            }
        );
        await server.ExecuteAsync(
            $"CREATE ROLE {SharedPostgres.Role} LOGIN CREATEDB PASSWORD '{SharedPostgres.Password}'"
        );
        await server.ExecuteAsync($"CREATE DATABASE shop OWNER {SharedPostgres.Role}");
        await server.ExecuteAsync($"SET ROLE {SharedPostgres.Role}; {Shop.Schema(20)}", "shop");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Dispose();
    }
}

public sealed class TlsTests(TlsServer tls) : IClassFixture<TlsServer>, IDisposable
{
    private readonly TestFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TlsMode.Disable, false)]
    [InlineData(TlsMode.Prefer, true)]
    [InlineData(TlsMode.Require, true)]
    [InlineData(TlsMode.VerifyCa, true)]
    [InlineData(TlsMode.VerifyFull, true)]
    public async Task The_session_and_the_tools_are_protected_as_the_mode_says(TlsMode mode, bool encrypted)
    {
        var settings = Settings(mode) with { TlsRoot = Verifies(mode) ? tls.Root : null };
        var seen = (await LoginsAsync()).Length;
        await using var backup = Backup(settings);

        await foreach (var _ in backup.ApplyAsync(await backup.ObserveAsync(Ct), Ct)) { }
        Assert.True(backup.Plan(await backup.ObserveAsync(Ct)).IsEmpty);

        var logins = (await LoginsAsync())[seen..];
        // pg_dump and pg_restore among them.
        Assert.True(logins.Length > 5, $"only {logins.Length} logins");
        Assert.All(logins, login => Assert.Equal(encrypted, login.Contains("SSL enabled", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(TlsMode.VerifyCa)]
    [InlineData(TlsMode.VerifyFull)]
    public async Task Another_authority_is_refused_by_the_session_and_by_the_tools(TlsMode mode)
    {
        var settings = Settings(mode) with { TlsRoot = tls.OtherRoot };
        var dump = Tools.Dump(settings, "any", ArchiveFormat.Custom, folder["shop.dump"]);

        var failure = await ObserveAsync(settings);
        var tool = await Scope(settings).Commands.RunAsync(dump, _ => { }, Ct);

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("tls-root", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SSL error", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_names_another_host_is_refused_by_verify_full_alone()
    {
        var elsewhere = Settings(TlsMode.VerifyFull) with { Host = "localhost", TlsRoot = tls.Root };

        var failure = await ObserveAsync(elsewhere);
        await using var check = Check("postgresql.schema-version", Expect, elsewhere with { Tls = TlsMode.VerifyCa });

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.IsType<Verdict.Holds>(check.Judge(await check.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_server_without_tls_is_refused_where_it_is_required()
    {
        await using var plain = await PostgresServer.StartAsync(ct: Ct);
        var settings = Settings(TlsMode.Require) with
        {
            Port = plain.Port,
            Database = "postgres",
            User = PostgresServer.User,
        };

        var failure = await ObserveAsync(settings);

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("SSL", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.pem")]
    [InlineData("empty.pem")]
    public async Task A_file_without_certificates_is_refused_by_its_name(string file)
    {
        folder.Write("empty.pem", "");

        var failure = await ObserveAsync(Settings(TlsMode.VerifyFull) with { TlsRoot = folder[file] });

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private const string Expect = """{ "connection": "db", "expect": 41 }""";

    private async Task<string[]> LoginsAsync() =>
        [
            .. (await File.ReadAllLinesAsync(tls.Server.LogFile, Ct)).Where(line =>
                line.Contains($"connection authorized: user={SharedPostgres.Role} ", StringComparison.Ordinal)
            ),
        ];

    private static bool Verifies(TlsMode mode) => mode is TlsMode.VerifyCa or TlsMode.VerifyFull;

    private PostgreSqlSettings Settings(TlsMode mode) =>
        SharedPostgres.Settings(tls.Server, "shop") with
        {
            Tls = mode,
        };

    private async Task<OperationException> ObserveAsync(PostgreSqlSettings settings)
    {
        await using var check = Check("postgresql.schema-version", Expect, settings);
        return await Assert.ThrowsAsync<OperationException>(async () => await check.ObserveAsync(Ct));
    }

    private BoundChange Backup(PostgreSqlSettings settings) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find("postgresql.backup")!).Create(
            System.Text.Json.JsonElement.Parse("""{ "connection": "db", "to": "shop.dump" }"""),
            Scope(settings)
        );

    private BoundCheck Check(string operation, string inputs, PostgreSqlSettings settings) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(
            System.Text.Json.JsonElement.Parse(inputs),
            Scope(settings)
        );

    private TestScope Scope(PostgreSqlSettings settings) =>
        new(
            folder.Folder("plan"),
            folder.Folder("run"),
            TestProgram.Instance.Processes,
            ShopFixture.Connections(settings)
        );
}
