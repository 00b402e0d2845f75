namespace Belay.Cli.Tests;

/// <summary>Secrets that lie in files of their own: keys of TLS, of SSH and of people, and those with which connections log in.</summary>
public sealed class CanaryKeysTests : IDisposable
{
    private const string NewKey = "MIGHAgEAMBMGByqGSM49c4n4ryAgEGCCqGSM49new0AwEHBG0wawIBAQQgc4n4ry";
    private const string OldKey = "MIGHAgEAMBMGByqGSM49c4n4ryAgEGCCqGSM49old0AwEHBG0wawIBAQQgc4n4ry";
    private const string Password = "c4n4ry-password-0123456789-abcdef";

    private const string Checks = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:
        """;

    private readonly Desk desk = new();
    private readonly CanarySearch search;

    public CanaryKeysTests()
    {
        search = new CanarySearch(desk);
        desk.Write("secrets/new.key", Pem(NewKey));
        desk.Write("secrets/live/tls.key", Pem(OldKey));
        desk.Write("secrets/password", Password);
    }

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_TLS_key_that_a_plan_brings_is_found_nowhere_nor_the_one_that_it_replaces()
    {
        desk.Write("environments/default.yaml", "secrets: { key: { file: secrets/new.key } }\n");
        desk.Write(
            "upgrade.yaml",
            """
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: copy
                do: files.copy
                with: { from: secrets/new.key, to: secrets/live/tls.key, mode: "0600" }
              - id: write
                do: files.write
                with: { path: secrets/live/second.key, content: "${secret:key}" }
              - id: halt
                do: shell.run
                with: { command: [sh, -c, "cat secrets/live/second.key >&2; exit 3"], undo: { command: ["true"] } }
            """
        );

        await search.BelayAsync("plan", "upgrade.yaml");
        await search.BelayAsync("run", "upgrade.yaml", "--run", "one");
        Assert.Equal(Pem(NewKey), desk.Read("secrets/live/tls.key"));
        await search.BelayAsync("status", "one", "--output", "json");
        await search.BelayAsync("report", "one");
        search.FindNothing(NewKey, OldKey);
        var back = await search.BelayAsync("rollback", "one");

        Assert.True(back.ExitCode == 6, back.ToString());
        Assert.Equal(Pem(OldKey), desk.Read("secrets/live/tls.key"));
        search.FindNothing(NewKey, OldKey);
    }

    [Fact]
    public async Task A_persons_private_key_is_found_nowhere_but_in_its_file()
    {
        await search.BelayAsync("init", "--key", "secrets/ben.pem");
        desk.Write(
            "environments/default.yaml",
            "roles: { manager: [ben] }\npeople: { ben: { key: secrets/ben.pem.pub } }\n"
        );
        desk.Write(
            "upgrade.yaml",
            """
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: go
                approve: { by: manager }
              - do: files.write
                with: { path: release, content: "${to}" }
            """
        );

        await search.BelayAsync("run", "upgrade.yaml", "--run", "one", "--no-wait");
        await search.BelayAsync("approve", "go", "--by", "ben", "--key", "secrets/ben.pem");
        await search.BelayAsync("resume", "one");
        await search.BelayAsync("report", "one", "--attest", "--key", "secrets/ben.pem");
        await search.BelayAsync("report", "one");
        var verified = await search.BelayAsync("verify", "one", "--key", "secrets/ben.pem.pub");

        Assert.True(verified.ExitCode == 0, verified.ToString());
        Assert.True(desk.Has("release"));
        search.FindNothing(desk.Read("secrets/ben.pem").Split('\n')[1..3]);
    }

    [Theory]
    [InlineData("elasticsearch", "url: \"https://127.0.0.1:1\", tls-ca: {0}")]
    [InlineData("redis", "host: 127.0.0.1, port: 1, tls: true, tls-ca: {0}")]
    [InlineData("ssh", "host: 127.0.0.1, port: 1, user: deploy, key: {0}, known-hosts: {0}")]
    [InlineData("http", "url: \"https://127.0.0.1:1\", ca-file: {0}")]
    public async Task A_private_key_that_stands_where_something_else_belongs_is_not_quoted(string kind, string settings)
    {
        var file = desk.PathOf("secrets/new.key");
        desk.Write(
            "environments/default.yaml",
            $"connections:\n  it: {{ kind: {kind}, {settings.Replace("{0}", file, StringComparison.Ordinal)} }}\n"
        );
        desk.Write(
            "upgrade.yaml",
            Checks
                + "\n"
                + kind switch
                {
                    "elasticsearch" => "  - check: elasticsearch.health\n    with: { connection: it }",
                    "redis" => "  - check: redis.version\n    with: { connection: it, at-least: \"7\" }",
                    "ssh" => "  - check: ssh.same-files\n    with: { from: it, to: it, paths: [/etc/hostname] }",
                    _ => "  - do: files.write\n    with: { path: release, content: x }",
                }
        );

        await search.BelayAsync("run", "upgrade.yaml", "--run", "one");
        await search.BelayAsync("report", "one");
        await search.BelayAsync("environment");

        search.FindNothing(NewKey);
    }

    [Theory]
    [InlineData("elasticsearch", "user: shop, password: \"${secret:password}\"", "elasticsearch.health", "")]
    [InlineData("elasticsearch", "api-key: \"${secret:password}\"", "elasticsearch.health", "")]
    [InlineData("oci", "user: shop, password: \"${secret:password}\"", "oci.images", ", images: [\"shop:1\"]")]
    public async Task What_a_connection_logs_in_with_is_not_told_though_the_server_says_it_back(
        string kind,
        string login,
        string check,
        string inputs
    )
    {
        using var server = new EchoServer("401 Unauthorized");
        desk.Write(
            "environments/default.yaml",
            $$"""
            connections:
              it: { kind: {{kind}}, url: "{{server.Url}}", {{login}} }
            secrets: { password: { file: secrets/password } }
            """
        );
        desk.Write("upgrade.yaml", $"{Checks}\n  - check: {check}\n    with: {{ connection: it{inputs} }}\n");

        var ended = await search.BelayAsync("run", "upgrade.yaml", "--run", "one");
        await search.BelayAsync("status", "one");
        await search.BelayAsync("report", "one");

        Assert.True(ended.ExitCode == 3, ended.ToString());
        search.FindNothing(Password);
    }

    private static string Pem(string line) => $"-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----\n";
}
