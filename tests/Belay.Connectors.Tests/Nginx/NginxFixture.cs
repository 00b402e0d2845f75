using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Nginx;

/// <summary>A real nginx that answers "old", and shall answer "new".</summary>
internal sealed class NginxFixture(NginxServer server, string? content = null) : ChangeFixture
{
    public const string Old = "location / { return 200 old; }\n";
    public const string New = "location / { return 200 new; } # hunter2\n";

    public static async Task<ChangeFixture> StartAsync(CancellationToken ct, string? content = null) =>
        new NginxFixture(await NginxServer.StartAsync(Old, ct), content);

    public NginxServer Server => server;

    public override KitProgram Program => TestProgram.Instance;

    public override ChangeDefinition Definition =>
        (ChangeDefinition)TestProgram.Instance.Catalog.Find("nginx.configure")!;

    public override JsonElement Inputs =>
        Json(
            $$"""
            {
              "file": "{{server.Site}}", "main": "{{server.Main}}", "prefix": "{{server.Folder}}", "pid-file": "{{server.PidFile}}",
              "program": "{{NginxServer.Program}}", "show": false,
              "content": { "$secret": {{JsonSerializer.Serialize(content ?? New)}} }
            }
            """
        );

    public override ImmutableArray<string> Secrets => ["hunter2"];

    public override async ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ImmutableSortedDictionary<string, string>
            .Empty.Add($"file:{server.Site}", await File.ReadAllTextAsync(server.Site, ct))
            .Add($"file:{server.Main}", await File.ReadAllTextAsync(server.Main, ct))
            .Add($"nginx:{server.Main}", await AnswerAsync(ct));

    /// <summary>What it answers.</summary>
    public async Task<string> AnswerAsync(CancellationToken ct)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Port}/"), ct);
    }

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await base.DisposeAsync();
    }
}
