using System.Net;

namespace Belay.Parts;

/// <summary>The AWS APIs as moto plays them, on 127.0.0.1: S3 with versions. It checks no signatures.</summary>
public sealed class MotoServer : IAsyncDisposable
{
    private const string Program = "moto_server";

    private readonly ServerFolder folder;
    private readonly ServerProcess process;

    private MotoServer(ServerFolder folder, ServerProcess process, int port) =>
        (this.folder, this.process, Port) = (folder, process, port);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its address.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>Whether this machine has it. It is no part that is installed: it comes with Python (<c>pip install moto[server]</c>).</summary>
    public static bool IsThere => Find() is not null;

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <exception cref="FileNotFoundException">The machine does not have it.</exception>
    /// <exception cref="ServerFailedException">It did not get ready.</exception>
    public static async Task<MotoServer> StartAsync(CancellationToken ct = default)
    {
        var program = Find() ?? throw new FileNotFoundException($"there is no {Program} on PATH", Program);
        var place = ServerFolder.Prepare(null, "moto");
        return await place.StartAsync(() =>
            FreePort.StartAsync(async port =>
            {
                var started = await ServerProcess.StartAsync(
                    new ServerCommand
                    {
                        Program = program,
                        Arguments = ["-H", "127.0.0.1", "-p", $"{port}"],
                        Folder = place.Location,
                        LogFile = place.File("moto.log"),
                    },
                    _ => AnswersAsync(port, ct),
                    ct
                );
                return new MotoServer(place, started, port);
            })
        );
    }

    /// <summary>Ends it; its data goes with it.</summary>
    public Task StopAsync() => process.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Remove();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(path => Path.Combine(path, Program))
            .FirstOrDefault(File.Exists);

    private static async ValueTask<bool> AnswersAsync(int port, CancellationToken ct)
    {
        try
        {
            using var client = new HttpClient();
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/moto-api/"), ct);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
