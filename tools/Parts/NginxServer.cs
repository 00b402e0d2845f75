namespace Belay.Parts;

/// <summary>An nginx of one's own on 127.0.0.1: a main configuration that includes the file <c>site.conf</c> beside it.</summary>
public sealed class NginxServer : IAsyncDisposable
{
    private readonly ServerFolder folder;
    private readonly ServerProcess process;

    private NginxServer(ServerFolder folder, ServerProcess process, int port) =>
        (this.folder, this.process, Port) = (folder, process, port);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Where its files lie.</summary>
    public string Folder => folder.Location;

    /// <summary>The main configuration file.</summary>
    public string Main => folder.File("nginx.conf");

    /// <summary>The file that the main one includes inside its <c>server</c> block.</summary>
    public string Site => folder.File("site.conf");

    /// <summary>The file with the master's process id.</summary>
    public string PidFile => folder.File("nginx.pid");

    /// <summary>The error log, notices too.</summary>
    public string ErrorLog => folder.File("error.log");

    /// <summary>The program.</summary>
    public static string Program => PartsFolder.Find("nginx");

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <param name="site">The content of <see cref="Site"/>.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public static async Task<NginxServer> StartAsync(string site, CancellationToken ct = default)
    {
        var place = ServerFolder.Prepare(null, "nginx");
        return await place.StartAsync(() =>
            FreePort.StartAsync(async port =>
            {
                await File.WriteAllTextAsync(place.File("site.conf"), site, ct);
                await File.WriteAllTextAsync(place.File("nginx.conf"), Configuration(place, port), ct);
                var started = await ServerProcess.StartAsync(
                    new ServerCommand
                    {
                        Program = Program,
                        Arguments = ["-c", place.File("nginx.conf"), "-p", place.Location, "-g", "daemon off;"],
                        Folder = place.Location,
                        LogFile = place.File("output.log"),
                    },
                    _ => AnswersAsync(port, ct),
                    ct
                );
                return new NginxServer(place, started, port);
            })
        );
    }

    /// <summary>Ends it.</summary>
    public Task StopAsync() => process.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Remove();
    }

    private static async ValueTask<bool> AnswersAsync(int port, CancellationToken ct)
    {
        using var client = new HttpClient();
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/"), ct);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Configuration(ServerFolder place, int port) =>
        $$"""
            user root;
            worker_processes 2;
            pid {{place.File("nginx.pid")}};
            error_log {{place.File("error.log")}} notice;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path {{place.File("body")}};
              proxy_temp_path {{place.File("proxy")}};
              fastcgi_temp_path {{place.File("fastcgi")}};
              uwsgi_temp_path {{place.File("uwsgi")}};
              scgi_temp_path {{place.File("scgi")}};
              server {
                listen 127.0.0.1:{{port}};
                include {{place.File("site.conf")}};
              }
            }
            """;
}
