namespace Belay.Parts;

/// <summary>A registry of container images of one's own on 127.0.0.1, without TLS.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private readonly ServerFolder folder;
    private readonly ServerProcess process;

    private RegistryServer(ServerFolder folder, ServerProcess process, int port) =>
        (this.folder, this.process, Port) = (folder, process, port);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its address.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Starts a registry and returns when it answers.</summary>
    /// <param name="users">The content of a file of htpasswd (bcrypt) with those who may use it; null: everybody may.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public static async Task<RegistryServer> StartAsync(string? users = null, CancellationToken ct = default)
    {
        var place = ServerFolder.Prepare(null, "registry");
        return await place.StartAsync(() =>
            FreePort.StartAsync(async port =>
            {
                await File.WriteAllTextAsync(place.File("users"), users ?? "", ct);
                await File.WriteAllTextAsync(
                    place.File("registry.yml"),
                    Configuration(place, port, users is not null),
                    ct
                );
                var started = await ServerProcess.StartAsync(
                    new ServerCommand
                    {
                        Program = PartsFolder.Find("docker-registry"),
                        Arguments = ["serve", place.File("registry.yml")],
                        Folder = place.Location,
                        LogFile = place.File("registry.log"),
                    },
                    _ => AnswersAsync(port, ct),
                    ct
                );
                return new RegistryServer(place, started, port);
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
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/v2/"), ct);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Configuration(ServerFolder place, int port, bool hasUsers) =>
        $$"""
            version: 0.1
            log: { level: warn }
            storage: { filesystem: { rootdirectory: {{place.File("data")}} } }
            http: { addr: "127.0.0.1:{{port}}" }
            {{(hasUsers ? "auth: { htpasswd: { realm: tests, path: " + place.File("users") + " } }" : "")}}
            """;
}
