using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Belay.Cli.Tests;

/// <summary>Secrets planted in every place of a plan and an environment where one can stand, in a run that succeeds in part and fails: looked for in everything that Belay leaves or shows.</summary>
public sealed class CanaryTests : IDisposable
{
    private const string FromVariable = "c4n4ry-variable/+'x y\"z";
    private const string FromFile = "c4n4ry-file/+'x y\"z";
    private const string Password = "c4n4ry-password/+'x\"z";
    private const string Header = "c4n4ry-header-0123456789";
    private const string Key =
        "-----BEGIN PRIVATE KEY-----\nc4n4ryMIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----";
    private const string Variable = "BELAY_TEST_CANARY";

    private const string Plan = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:
          - id: write
            do: files.write
            with: { path: target.conf, content: "${secret:file}" }
          - id: tell
            do: shell.run
            with:
              command: [sh, -c, 'printf "%s\n" "$TOKEN" "$KEY"; printf %s "$TOKEN" | base64 >&2; touch at-work; until [ -e go ]; do sleep 0.05; done']
              check: { command: [sh, -c, 'echo "$TOKEN"; [ -e go ]'] }
              undo: { command: [sh, -c, 'echo "$TOKEN" >&2; rm -f go; exit 0'] }
              environment: { TOKEN: "${secret:variable}", KEY: "${secret:key}" }
          - id: post
            check: http.get
            with: { url: "http://127.0.0.1:1/", headers: { Authorization: "${secret:header}" } }
        """;

    private const string Failing = """
        belay: 1
        upgrade: shop
        from: 1.0.0
        to: 1.1.0
        steps:
          - id: fail
            do: shell.run
            with:
              command: [sh, -c, 'printf %s "user:$TOKEN" | base64 -w0 >&2; printf "\n%s\n%s\n" "$TOKEN" "$KEY" >&2; exit 3']
              undo: { command: ["true"] }
              environment: { TOKEN: "${secret:variable}", KEY: "${secret:key}" }
          - id: database
            check: postgresql.version
            with: { connection: db, at-least: "15" }
        """;

    private readonly Desk desk = new();
    private readonly List<string> seen = [];

    public CanaryTests()
    {
        Environment.SetEnvironmentVariable(Variable, FromVariable);
        desk.Write("secrets/file", FromFile);
        desk.Write("secrets/password", Password);
        desk.Write("secrets/header", Header);
        desk.Write("secrets/key", Key);
        desk.Write("upgrade.yaml", Plan);
        desk.Write("failing.yaml", Failing);
        desk.Write(
            "environments/default.yaml",
            $$"""
            connections:
              db: { kind: postgresql, host: 127.0.0.1, port: 1, database: shop, user: shop, password: "${secret:password}" }
              cache: { kind: redis, host: 127.0.0.1, port: 1, password: "${secret:password}" }
            secrets:
              variable: { env: {{Variable}} }
              file: { file: secrets/file }
              password: { file: secrets/password }
              header: { file: secrets/header }
              key: { file: secrets/key }
            """
        );
    }

    public void Dispose()
    {
        desk.Dispose();
        Environment.SetEnvironmentVariable(Variable, null);
    }

    [Fact]
    public async Task No_secret_is_found_in_anything_that_belay_leaves_or_shows()
    {
        await BelayAsync("plan", "upgrade.yaml");
        using (var run = desk.Start("run", "upgrade.yaml", "--run", "one"))
        {
            await Desk.UntilAsync(() => desk.Has("at-work"));
            SampleProcesses();
            desk.Write("go", "");
            Keep(await Desk.EndOfAsync(run));
        }
        Assert.Contains(FromFile, desk.Read("target.conf"), StringComparison.Ordinal);
        await BelayAsync("status");
        await BelayAsync("resume", "one");
        SearchFiles();
        await BelayAsync("rollback", "one");
        await BelayAsync("run", "failing.yaml", "--run", "two", "--output", "json");
        foreach (var run in (string[])["one", "two"])
        {
            await BelayAsync("status", run, "--output", "json");
            await BelayAsync("report", run);
            await BelayAsync("report", run, "--output", "json");
            await BelayAsync("follow", run);
            Keep(await desk.BelayAsync("abandon", run, "--reason", "seen"));
        }
        SearchFiles();

        foreach (var text in seen)
        foreach (var form in Forms())
            Assert.False(text.Contains(form, StringComparison.Ordinal), $"{form} stands in: {text}");
        Assert.Contains(seen, text => text.Contains("(secret)", StringComparison.Ordinal));
    }

    private async Task BelayAsync(params string[] words) => Keep(await desk.BelayAsync(words));

    private void Keep(Ended ended)
    {
        seen.Add(ended.Output);
        seen.Add(ended.Error);
    }

    /// <summary>Everything below the desk but the secrets' own files and the file that is to hold one.</summary>
    private void SearchFiles()
    {
        foreach (var file in Directory.EnumerateFiles(desk.PathOf("."), "*", SearchOption.AllDirectories))
        {
            if (!file.Contains("/secrets/", StringComparison.Ordinal) && Path.GetFileName(file) != "target.conf")
                seen.Add(File.ReadAllText(file, Encoding.Latin1));
        }
    }

    /// <summary>What every user of the machine sees of the processes.</summary>
    private void SampleProcesses()
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    seen.Add(File.ReadAllText($"/proc/{process.Id}/cmdline"));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It has ended meanwhile.
                }
            }
        }
    }

    private static IEnumerable<string> Forms() =>
        new[] { FromVariable, FromFile, Password, Header, Key.Split('\n')[1] }
            .SelectMany(secret =>
                (string[])
                    [
                        secret,
                        Uri.EscapeDataString(secret),
                        JsonSerializer.Serialize(secret)[1..^1],
                        Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..20],
                        Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{secret}"))[8..28],
                    ]
            )
            .Append("c4n4ry");
}
