using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Storefront.Load;

namespace Storefront.Demo;

/// <summary>The load generator as a running process.</summary>
internal sealed class Customers : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private Customers(ChildProcess process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) };
    }

    public static async Task<Customers> StartAsync(LiveSystem system, int sessions, CancellationToken ct)
    {
        var process = await ChildProcess.StartAsync(
            system.Folder,
            "load",
            "Load",
            "--shop",
            system.ShopPort.ToString(CultureInfo.InvariantCulture),
            "--control",
            system.LoadPort.ToString(CultureInfo.InvariantCulture),
            "--sessions",
            sessions.ToString(CultureInfo.InvariantCulture)
        );
        var customers = new Customers(process, system.LoadPort);
        await process.WaitUntilAsync(() => customers.AnswersAsync(ct), ReadyLimit, ct);
        return customers;
    }

    public async Task<LoadReport> ReportAsync(CancellationToken ct) =>
        (await _http.GetFromJsonAsync("/report", Load.Wire.Default.LoadReport, ct))!;

    /// <summary>Looks for every session and every acknowledged order.</summary>
    public async Task<AuditReport> AuditAsync(CancellationToken ct) =>
        (await _http.GetFromJsonAsync("/audit", Load.Wire.Default.AuditReport, ct))!;

    /// <summary>Lets all users go home; audits are still possible.</summary>
    public async Task<LoadReport> StopAsync(CancellationToken ct)
    {
        using var answer = await _http.PostAsync(new Uri("/stop", UriKind.Relative), content: null, ct);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(ct), Load.Wire.Default.LoadReport)!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async ValueTask<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            return (await ReportAsync(ct)).Sent > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
