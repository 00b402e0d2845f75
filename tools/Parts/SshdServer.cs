using System.Globalization;

namespace Belay.Parts;

/// <summary>An sshd of one's own on 127.0.0.1, to which the user who runs it logs in with a key.</summary>
public sealed class SshdServer : IAsyncDisposable
{
    /// <summary>Where sshd as root keeps an empty folder; Debian's package makes it when the machine starts.</summary>
    private const string PrivilegeSeparation = "/run/sshd";

    /// <summary>As root, sshd wants the user of its package, and a machine on which it was only unpacked has none: it gets a list of users of its own, which nobody else sees.</summary>
    private const string WithUser = "mount --bind \"$1\" /etc/passwd && exec \"$2\" -D -e -f \"$3\"";

    private const string Users = "/etc/passwd";
    private const string User = "sshd:x:65533:65534:sshd:/run/sshd:/usr/sbin/nologin";

    private readonly ServerFolder folder;
    private readonly ServerProcess process;

    private SshdServer(ServerFolder folder, ServerProcess process, int port) =>
        (this.folder, this.process, Port) = (folder, process, port);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Where its files lie.</summary>
    public string Folder => folder.Location;

    /// <summary>The private key that may log in.</summary>
    public string Key => folder.File("user");

    /// <summary>A file of known hosts with its key.</summary>
    public string KnownHosts => folder.File("known_hosts");

    /// <summary>Whether it can run here: as an ordinary user, with the user of its package, or where root may mount.</summary>
    public static async Task<bool> CanRunAsync(CancellationToken ct = default)
    {
        if (!Environment.IsPrivilegedProcess || HasUser())
            return true;
        try
        {
            await Tool.RunAsync("unshare", ["--mount", "mount", "--bind", Users, Users], ct);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public static async Task<SshdServer> StartAsync(CancellationToken ct = default)
    {
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory(PrivilegeSeparation);
        var place = ServerFolder.Prepare(null, "ssh");
        return await place.StartAsync(async () =>
        {
            foreach (var key in (string[])["host", "user"])
                await Tool.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", place.File(key)], ct);
            return await FreePort.StartAsync(async port =>
            {
                await File.WriteAllTextAsync(place.File("sshd_config"), Configuration(place, port), ct);
                var started = await ServerProcess.StartAsync(
                    await CommandAsync(place, ct),
                    _ => AnswersAsync(port, ct),
                    ct
                );
                var host = await File.ReadAllTextAsync(place.File("host.pub"), ct);
                await File.WriteAllTextAsync(
                    place.File("known_hosts"),
                    string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{port} {host}"),
                    ct
                );
                return new SshdServer(place, started, port);
            });
        });
    }

    /// <summary>Ends it.</summary>
    public Task StopAsync() => process.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Remove();
    }

    private static async Task<ServerCommand> CommandAsync(ServerFolder place, CancellationToken ct)
    {
        var (program, configuration) = (PartsFolder.Find("sshd"), place.File("sshd_config"));
        var plain = new ServerCommand
        {
            Program = program,
            Arguments = ["-D", "-e", "-f", configuration],
            Folder = place.Location,
            LogFile = place.File("sshd.log"),
        };
        if (!Environment.IsPrivilegedProcess || HasUser())
            return plain;
        await File.WriteAllTextAsync(place.File("passwd"), $"{await File.ReadAllTextAsync(Users, ct)}{User}\n", ct);
        return plain with
        {
            Program = "unshare",
            Arguments = ["--mount", "sh", "-c", WithUser, "sh", place.File("passwd"), program, configuration],
        };
    }

    private static bool HasUser() =>
        File.ReadLines(Users).Any(line => line.StartsWith("sshd:", StringComparison.Ordinal));

    private static async ValueTask<bool> AnswersAsync(int port, CancellationToken ct)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, ct);
            var banner = new byte[4];
            return await client.GetStream().ReadAtLeastAsync(banner, banner.Length, throwOnEndOfStream: false, ct) > 0;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static string Configuration(ServerFolder place, int port) =>
        $"""
            ListenAddress 127.0.0.1
            Port {port}
            HostKey {place.File("host")}
            AuthorizedKeysFile {place.File("user.pub")}
            PidFile {place.File("sshd.pid")}
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            """;
}
