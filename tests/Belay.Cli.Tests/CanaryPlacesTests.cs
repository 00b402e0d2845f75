using System.Diagnostics;
using System.Globalization;
using Belay.Cli.Verbs;
using Belay.Parts;

namespace Belay.Cli.Tests;

/// <summary>Secrets looked for where others put them: what a server says back, what a database says of a statement, what other processes can read of Belay and its children, what is left in the folder for temporary files.</summary>
public sealed class CanaryPlacesTests : IDisposable
{
    private const string Canary = "c4n4ry-0123456789-abcdef";

    private readonly Desk desk = new();
    private readonly CanarySearch search;

    public CanaryPlacesTests() => search = new CanarySearch(desk);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_server_that_says_the_token_back_does_not_bring_it_into_journal_or_report()
    {
        using var server = new EchoServer();
        desk.Write("secrets/token", Canary);
        desk.Write("environments/default.yaml", "secrets: { token: { file: secrets/token } }\n");
        desk.Write(
            "upgrade.yaml",
            $$"""
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: look
                check: http.get
                with:
                  url: "{{server.Url}}/"
                  headers: { Authorization: "${secret:token}" }
                  expect: { status: 302, json: { token: none } }
            """
        );

        await BelayAsync("run", "upgrade.yaml", "--run", "one", "--output", "json");
        await BelayAsync("status", "one");
        await BelayAsync("report", "one");

        Assert.Contains(search.Seen, text => text.Contains("(secret)", StringComparison.Ordinal));
        FindNothing();
    }

    [Fact]
    public async Task A_password_in_a_statement_that_fails_is_not_told()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresOptions { Password = Canary }, Ct);
        desk.Write("secrets/password", Canary);
        desk.Write(
            "environments/default.yaml",
            $$"""
            connections:
              db: { kind: postgresql, host: 127.0.0.1, port: {{server.Port}}, database: postgres, user: postgres, password: "${secret:password}" }
            secrets: { password: { file: secrets/password } }
            """
        );
        desk.Write("migrations/001_role.sql", $"create role shop password '{Canary}' in group 'nobody;\n");
        desk.Write("migrations/002_cast.sql", $"select '{Canary}'::int;\n");
        foreach (var file in (string[])["001_role", "002_cast"])
        {
            desk.Write($"{file}/{file}.sql", desk.Read($"migrations/{file}.sql"));
            File.Delete(desk.PathOf($"migrations/{file}.sql"));
            desk.Write(
                "upgrade.yaml",
                $$"""
                belay: 1
                upgrade: shop
                from: 1.0.0
                to: 1.1.0
                steps:
                  - id: migrate
                    do: postgresql.migrate
                    with: { connection: db, directory: {{file}}, to: {{int.Parse(
                    file[..3],
                    CultureInfo.InvariantCulture
                )}} }
                """
            );
            await BelayAsync("run", "upgrade.yaml", "--run", file);
            await BelayAsync("status", file);
            await BelayAsync("report", file);
            Directory.Delete(desk.PathOf(file), recursive: true);
        }

        FindNothing();
    }

    [Fact]
    public async Task A_password_in_a_url_is_refused_before_it_is_journaled_and_is_not_repeated()
    {
        desk.Write(
            "upgrade.yaml",
            $$"""
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - check: http.get
                with: { url: "http://shop:{{Canary}}@127.0.0.1:1/" }
            """
        );

        var refused = await desk.BelayAsync("run", "upgrade.yaml");
        Assert.Equal(64, refused.ExitCode);
        Assert.Contains("holds a user or a password", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(desk.PathOf(".belay/runs")));
    }

    [Fact]
    public async Task A_plain_value_that_holds_a_used_secret_is_not_told_and_comes_back_as_it_was()
    {
        var before = $"# the shop\nDATABASE=postgres://shop:{Canary}@old/shop # {Canary}\nPOOL=4\n";
        desk.Write("secrets/token", Canary);
        desk.Write("secrets/shop.env", before);
        desk.Write("environments/default.yaml", "secrets: { token: { file: secrets/token } }\n");
        desk.Write(
            "upgrade.yaml",
            """
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: given
                do: shell.run
                with: { command: ["true"], undo: { command: ["true"] }, environment: { TOKEN: "${secret:token}" } }
              - id: move
                do: files.set
                with: { path: secrets/shop.env, key: DATABASE, value: "postgres://new/shop" }
              - id: halt
                do: shell.run
                with: { command: ["false"], undo: { command: ["true"] } }
            """
        );

        await BelayAsync("run", "upgrade.yaml", "--run", "one");
        Assert.Contains("postgres://new/shop", desk.Read("secrets/shop.env"), StringComparison.Ordinal);
        await BelayAsync("report", "one");
        FindNothing();
        await BelayAsync("rollback", "one");

        Assert.Equal(before, desk.Read("secrets/shop.env"));
        FindNothing();
    }

    [Fact]
    public async Task A_command_that_was_not_given_a_secret_does_not_have_it()
    {
        desk.Write("secrets/token", Canary);
        desk.Write("environments/default.yaml", "secrets: { token: { file: secrets/token } }\n");
        desk.Write(
            "upgrade.yaml",
            """
            belay: 1
            upgrade: shop
            from: 1.0.0
            to: 1.1.0
            steps:
              - id: given
                do: shell.run
                with: { command: [sh, -c, 'test -n "$TOKEN"'], undo: { command: ["true"] }, environment: { TOKEN: "${secret:token}" } }
              - id: not-given
                do: shell.run
                with: { command: [sh, -c, 'cat /proc/$$/environ /proc/$$/cmdline >environ; env >>environ'], undo: { command: ["true"] } }
            """
        );

        var ended = await desk.BelayAsync("run", "upgrade.yaml", "--run", "one");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.DoesNotContain(Canary, desk.Read("environ"), StringComparison.Ordinal);
        FindNothing();
    }

    [Fact]
    public async Task No_core_dump_is_written_of_Belay_and_nobody_but_root_reads_its_memory()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess,
            "only root can start a program as somebody else and look at it"
        );
        desk.Write("upgrade.yaml", Plans.Working);
        using var open = Process.Start("chmod", ["-R", "a+rwX", desk.PathOf(".")]);
        await open.WaitForExitAsync(Ct);
        using var run = desk.StartAs("nobody", "run", "upgrade.yaml", "--run", "one");
        await Desk.UntilAsync(() => desk.Has(".belay/runs/one/journal.jsonl"));
        await desk.UntilJournalHasAsync("one", "child-started");

        // proc(5): files of a process that is not dumpable belong to root, those of its children to themselves.
        Assert.Equal("root", await OwnerAsync(run.Id));
        Assert.True(await HasOrdinaryChildAsync(run.Id));

        desk.Write("go", "");
        Assert.Equal(0, (await Desk.EndOfAsync(run)).ExitCode);
    }

    [Fact]
    public void What_nobody_expected_is_told_without_what_it_says()
    {
        try
        {
            throw new InvalidOperationException(Canary, new FormatException(Canary));
        }
        catch (InvalidOperationException e)
        {
            var words = UnexpectedFailure.Words(e);
            Assert.DoesNotContain(Canary, words, StringComparison.Ordinal);
            Assert.Contains(
                "System.InvalidOperationException from System.FormatException",
                words,
                StringComparison.Ordinal
            );
            Assert.Contains(nameof(What_nobody_expected_is_told_without_what_it_says), words, StringComparison.Ordinal);
        }
    }

    private static async Task<string> OwnerAsync(int process)
    {
        using var stat = Process.Start(
            new ProcessStartInfo("stat", ["-c", "%U", $"/proc/{process}/environ"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var owner = await stat.StandardOutput.ReadToEndAsync(Ct);
        await stat.WaitForExitAsync(Ct);
        return owner.Trim();
    }

    private static async Task<bool> HasOrdinaryChildAsync(int process)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!late.IsCancellationRequested)
        {
            foreach (var child in ChildrenOf(process))
            {
                if (await OwnerAsync(child) == "nobody")
                    return true;
            }
        }
        return false;
    }

    // proc(5): children are listed with the thread that started them.
    private static int[] ChildrenOf(int process) =>
        [
            .. Directory
                .EnumerateDirectories($"/proc/{process}/task")
                .SelectMany(thread =>
                    File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
        ];

    private Task<Ended> BelayAsync(params string[] words) => search.BelayAsync(words);

    private void FindNothing() => search.FindNothing(Canary);
}
