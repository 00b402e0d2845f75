using System.Collections.Immutable;
using System.Text.Json;
using Belay.Connectors.Ssh;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Ssh;

public sealed class RemoteFileContract(SharedSshd shared) : ChangeContract, IClassFixture<SharedSshd>
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        await RemoteFixture.StartAsync(
            shared,
            """ "content": { "$secret": "password = hunter2\n" }, "mode": "0600" """,
            had: "password = old\n",
            ct
        );
}

public sealed class RemoteFileTests(SharedSshd shared) : IClassFixture<SharedSshd>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(""" "absent": true """, "ok\n", null)]
    [InlineData(""" "content": "it's here\n" """, null, "it's here\n")]
    public async Task A_file_is_removed_or_made_and_the_way_back_puts_back_what_was_there(
        string inputs,
        string? had,
        string? has
    )
    {
        await using var fixture = await RemoteFixture.StartAsync(shared, inputs, had, Ct);
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        var before = await change.ObserveAsync(Ct);

        await foreach (var _ in change.ApplyAsync(before, Ct)) { }
        Assert.Equal(has, Content(fixture.File));
        var after = await change.ObserveAsync(Ct);
        Assert.True(change.Plan(after).IsEmpty);
        await foreach (var _ in change.UndoAsync(before, after, Ct)) { }

        Assert.Equal(had, Content(fixture.File));
        Assert.True(change.Same(before, await change.ObserveAsync(Ct)));
    }

    [Fact]
    public async Task A_server_that_shows_another_key_is_not_talked_to()
    {
        await using var fixture = await RemoteFixture.StartAsync(null, """ "absent": true """, had: "ok\n", Ct);
        await using var other = await SshdServer.StartAsync(Ct);
        await File.WriteAllTextAsync(
            fixture.Server.KnownHosts,
            $"[127.0.0.1]:{fixture.Server.Port} {await File.ReadAllTextAsync(Path.Combine(other.Folder, "host.pub"), Ct)}",
            Ct
        );

        var failure = await FailureAsync(fixture);

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("Host key verification failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_may_not_log_in_is_refused()
    {
        await using var fixture = await RemoteFixture.StartAsync(null, """ "absent": true """, had: "ok\n", Ct);
        await using var other = await SshdServer.StartAsync(Ct);
        File.Copy(other.Key, fixture.Server.Key, overwrite: true);

        var failure = await FailureAsync(fixture);

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("Permission denied", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_may_come_back()
    {
        await using var fixture = await RemoteFixture.StartAsync(null, """ "absent": true """, had: "ok\n", Ct);
        await fixture.Server.StopAsync();

        Assert.Equal(FailureKind.Transient, (await FailureAsync(fixture)).Kind);
    }

    [Fact]
    public async Task What_the_server_says_no_to_is_told_in_its_words()
    {
        await using var fixture = await RemoteFixture.StartAsync(null, """ "absent": true """, had: null, Ct);
        Directory.CreateDirectory(fixture.File);

        Assert.Contains("is no plain file", (await FailureAsync(fixture)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_not_alike_are_named()
    {
        await using var fixture = await RemoteFixture.StartAsync(null, """ "absent": true """, had: "ok\n", Ct);
        var definition = (CheckDefinition)TestProgram.Instance.Catalog.Find("ssh.same-files")!;
        // What a process reads of itself is another thing in each session.
        var inputs = JsonElement.Parse("""{ "from": "web1", "to": "web1", "paths": ["/proc/self/stat"] }""");
        await using var check = definition.Create(inputs, fixture.NewScope());

        var why = Assert.IsType<Verdict.Broken>(check.Judge(await check.ObserveAsync(Ct))).Why;

        Assert.Contains("/proc/self/stat (differs)", why, StringComparison.Ordinal);
    }

    private static string? Content(string file) => File.Exists(file) ? File.ReadAllText(file) : null;

    private static async Task<OperationException> FailureAsync(RemoteFixture fixture)
    {
        await using var change = fixture.Definition.Create(fixture.Inputs, fixture.NewScope());
        return await Assert.ThrowsAsync<OperationException>(async () => await change.ObserveAsync(Ct));
    }
}

public sealed class SameFilesContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct) =>
        new TwoServers(await RemoteFixture.StartAsync(null, """ "absent": true """, had: "ok\n", ct));

    private sealed class TwoServers(RemoteFixture one) : CheckFixture
    {
        public override KitProgram Program => TestProgram.Instance;

        public override CheckDefinition Definition =>
            (CheckDefinition)TestProgram.Instance.Catalog.Find("ssh.same-files")!;

        // One server under two names: what differs is given by the other kind of path.
        public override JsonElement Inputs =>
            Json($$"""{ "from": "web1", "to": "web2", "paths": ["{{one.Server.Folder}}/site"] }""");

        public override IReadOnlyDictionary<string, object> Connections
        {
            get
            {
                Directory.CreateDirectory(Path.Combine(one.Server.Folder, "site/inner"));
                if (!Directory.Exists(Path.Combine(one.Server.Folder, "gone")))
                    File.WriteAllText(Path.Combine(one.Server.Folder, "site/inner/a b.conf"), "alike\n");
                return ImmutableDictionary<string, object>.Empty.Add("web1", one.Settings).Add("web2", one.Settings);
            }
        }

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ValueTask.FromResult(ImmutableSortedDictionary<string, string>.Empty);

        public override ValueTask BreakAsync(CancellationToken ct)
        {
            // Nothing there is nothing alike.
            File.Delete(Path.Combine(one.Server.Folder, "site/inner/a b.conf"));
            Directory.CreateDirectory(Path.Combine(one.Server.Folder, "gone"));
            return ValueTask.CompletedTask;
        }

        public override async ValueTask TakeAwayAsync(CancellationToken ct) => await one.Server.StopAsync();

        public override async ValueTask DisposeAsync()
        {
            await one.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}

/// <summary>One sshd for the tests of a class.</summary>
public sealed class SharedSshd : IAsyncLifetime
{
    internal SshdServer? Server { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (await SshdServer.CanRunAsync(TestContext.Current.CancellationToken))
            Server = await SshdServer.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }
}

/// <summary>A real sshd, and a file that it can reach.</summary>
internal sealed class RemoteFixture(SshdServer server, bool isOwn, string inputs) : ChangeFixture
{
    public SshdServer Server => server;

    /// <summary>The file; its name needs quoting.</summary>
    public string File => Folder["it's a health file"];

    public SshSettings Settings =>
        new()
        {
            Host = "127.0.0.1",
            Port = server.Port,
            User = Environment.UserName,
            Key = server.Key,
            KnownHosts = server.KnownHosts,
        };

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition => (ChangeDefinition)TestProgram.Instance.Catalog.Find("ssh.file")!;

    public override JsonElement Inputs => Json($$"""{ "connection": "web1", "path": "{{File}}", {{inputs}} }""");

    public override IReadOnlyDictionary<string, object> Connections =>
        ImmutableDictionary<string, object>.Empty.Add("web1", Settings);

    public override ImmutableArray<string> Secrets => ["hunter2"];

    /// <param name="shared">The server that is there; null: one of its own, which the test may break.</param>
    /// <param name="inputs">Inputs beside the file and the connection.</param>
    /// <param name="had">What the file holds before; null: there is none.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<RemoteFixture> StartAsync(
        SharedSshd? shared,
        string inputs,
        string? had,
        CancellationToken ct
    )
    {
        Assert.SkipUnless(
            shared?.Server is not null || await SshdServer.CanRunAsync(ct),
            "the SSH tests: sshd as root needs the user 'sshd' (apt-get install openssh-server), or the right to mount"
        );
        var fixture = new RemoteFixture(shared?.Server ?? await SshdServer.StartAsync(ct), shared is null, inputs);
        if (had is not null)
            await System.IO.File.WriteAllTextAsync(fixture.File, had, ct);
        return fixture;
    }

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(
            Files
                .FileSnapshot.Of(Folder.Path)
                .ToImmutableSortedDictionary(
                    file => $"ssh:web1{Folder.Path}/{file.Key["file:".Length..]}",
                    file => file.Value,
                    StringComparer.Ordinal
                )
        );

    public override async ValueTask DisposeAsync()
    {
        if (isOwn)
            await server.DisposeAsync();
        await base.DisposeAsync();
    }
}
