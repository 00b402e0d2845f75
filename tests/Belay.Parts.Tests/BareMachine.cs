using System.Diagnostics;

namespace Belay.Parts.Tests;

/// <summary>How a script ended, with both its outputs.</summary>
internal sealed record Ended(int ExitCode, string Said);

/// <summary>This machine without the means to install anything: a PATH of links without apt and sudo, an empty parts folder, an empty home.</summary>
internal sealed class BareMachine : IDisposable
{
    private static readonly string[] Installers = ["apt", "dpkg", "sudo", "doas", "pkexec"];
    private static readonly string Repository = FindRepository();

    private readonly string root = Directory.CreateTempSubdirectory("belay-bare-machine-").FullName;

    public BareMachine()
    {
        foreach (var folder in (string[])["bin", "own", "home"])
            Directory.CreateDirectory(Path.Combine(root, folder));
        foreach (var folder in Environment.GetEnvironmentVariable("PATH")!.Split(':').Where(Directory.Exists))
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            var link = Path.Combine(root, "bin", Path.GetFileName(file));
            if (!Array.Exists(Installers, name => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal)))
                LinkOnce(link, file);
        }
    }

    /// <summary>Where the parts would go.</summary>
    public string PartsFolder => Path.Combine(root, "parts");

    /// <summary>Runs a script of the repository on it.</summary>
    public async Task<Ended> RunAsync(string script, params string[] words)
    {
        var ct = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Path.Combine(Repository, script), words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(root, "own")}:{Path.Combine(root, "bin")}";
        start.Environment["HOME"] = Path.Combine(root, "home");
        start.Environment["BELAY_PARTS"] = PartsFolder;
        start.Environment.Remove("DOTNET_ROOT");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return new Ended(process.ExitCode, await output + await error);
    }

    /// <summary>Puts real programs on its PATH, as somebody would who built them in a folder of their own.</summary>
    public void Bring(params string[] programs)
    {
        foreach (var program in programs)
            File.CreateSymbolicLink(Path.Combine(root, "own", program), Parts.PartsFolder.Find(program));
    }

    /// <summary>Takes a program away.</summary>
    public void Take(string program) => File.Delete(Path.Combine(root, "bin", program));

    /// <summary>Gives it an apt of which every download is what a shell command prints, and what fails when that fails.</summary>
    public void BringApt(string download)
    {
        var apt = Path.Combine(root, "own", "apt-get");
        File.WriteAllText(
            apt,
            $$"""
            #!/bin/sh
            # called with: -qq -c CONFIGURATION VERB...
            state=$(dirname "$3")
            case "$4" in
            update) touch "$state/lists/mirror_Packages" ;;
            install) ( {{download}} ) >"$state/archives/redis.deb" ;;
            esac
            """
        );
        File.SetUnixFileMode(apt, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        LinkOnce(Path.Combine(root, "own", "dpkg-deb"), "/usr/bin/dpkg-deb");
    }

    /// <summary>Skips the test where a part lies in a folder of the machine: it would be found whatever PATH is.</summary>
    public static void SkipWhereItHas(params string[] parts)
    {
        foreach (var part in parts)
        {
            var program = part == "postgresql" ? "/usr/lib/postgresql/15/bin/postgres" : $"/usr/bin/{part}-server";
            Assert.SkipWhen(
                File.Exists(program) || File.Exists($"/usr/sbin/{part}"),
                $"this machine has {part} installed: that it is missing was not tried"
            );
        }
    }

    /// <summary>Skips the test where the script would not even ask apt.</summary>
    public static void SkipUnlessDebian12() =>
        Assert.SkipUnless(
            File.Exists("/usr/bin/dpkg-deb")
                && File.ReadAllText("/etc/os-release").Contains("VERSION_CODENAME=bookworm", StringComparison.Ordinal),
            "this machine is not Debian 12: a download that breaks off was not tried"
        );

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static void LinkOnce(string link, string file)
    {
        if (new FileInfo(link).LinkTarget is null)
            File.CreateSymbolicLink(link, file);
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Belay.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
