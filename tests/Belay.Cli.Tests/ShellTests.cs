using System.Diagnostics;

namespace Belay.Cli.Tests;

/// <summary>The completion scripts in the shells for which they are made.</summary>
public sealed class ShellTests : IDisposable
{
    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task Bash_completes_verbs_operations_and_runs()
    {
        desk.Write("upgrade.yaml", Plans.Good);
        await desk.BelayAsync("run", "upgrade.yaml", "--run", "monday");

        Assert.Contains("status", await BashAsync("belay sta"));
        Assert.Contains("haproxy.drain", await BashAsync("belay operations haproxy.d"));
        Assert.Contains("monday", await BashAsync("belay status "));
        Assert.DoesNotContain("monday", await BashAsync("belay status tues"));
    }

    [Fact]
    public async Task Zsh_completes_verbs() =>
        // Its completion system needs a terminal; what the script hands to it is seen here.
        Assert.Contains(
            "status",
            await InAsync(
                "zsh",
                "-fc",
                """
                compdef() { }
                compadd() { shift; print -l -- "$@" }
                source <(belay completion zsh)
                BUFFER='belay sta' CURSOR=9
                _belay
                """
            )
        );

    [Fact]
    public async Task Fish_completes_verbs() =>
        Assert.Contains(
            "status",
            await InAsync("fish", "--no-config", "-c", "belay completion fish | source; complete -C 'belay sta'")
        );

    private Task<string[]> BashAsync(string typed)
    {
        var words = typed.Split(' ');
        return InAsync(
            "bash",
            "-c",
            $$"""
            source <(belay completion bash)
            COMP_LINE='{{typed}}' COMP_POINT={{typed.Length}} COMP_CWORD={{words.Length - 1}}
            COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}})
            $(complete -p belay | sed 's/.*-F \([^ ]*\) .*/\1/')
            printf '%s\n' "${COMPREPLY[@]}"
            """
        );
    }

    /// <summary>What a shell prints, in lines; skips the test where there is no such shell.</summary>
    private async Task<string[]> InAsync(string shell, params string[] words)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!;
        Assert.SkipUnless(
            Array.Exists(path.Split(':'), folder => File.Exists(Path.Combine(folder, shell))),
            $"there is no {shell} here: its completion was not tried"
        );
        var start = new ProcessStartInfo(shell, words)
        {
            UseShellExecute = false,
            WorkingDirectory = desk.PathOf(""),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{path}";
        using var process = Process.Start(start)!;
        var ended = await Desk.EndOfAsync(process);
        Assert.True(ended.Error.Length == 0, ended.Error);
        return ended.Output.Split('\n');
    }
}
