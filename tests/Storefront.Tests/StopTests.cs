using System.Net;
using System.Net.Http.Json;
using Npgsql;
using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>How a server of the shop leaves.</summary>
public sealed class StopTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_asked_to_stop_finishes_the_order_under_way()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var system = temporary.Live;
        await using var database = NpgsqlDataSource.Create(
            Seed.ConnectionString(system.Database, system.DatabasePassword)
        );
        await using var connection = await database.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var hold = new NpgsqlCommand("lock table orders", connection, transaction);
        await hold.ExecuteNonQueryAsync(Ct);

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{system.Servers[0].Old.Port}") };
        http.DefaultRequestHeaders.Add("x-session", "seed-00001");
        var ordering = http.PostAsJsonAsync("/order", new("late", "item-1", 100), Wire.Default.OrderRequest, Ct);
        await ManualUpgrade.UntilAsync(async () =>
            (long)(await system.Database.ExecuteAsync("select count(*) from pg_locks where not granted", "shop", Ct))!
            == 1
        );
        var stopping = system.Shop("shop-1").StopAsync();
        await transaction.RollbackAsync(Ct);

        using var answer = await ordering;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task Removing_the_health_file_takes_a_server_out_of_rotation_without_a_failed_request()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var system = temporary.Live;
        var customers = await system.StartCustomersAsync(Ct);

        File.Delete(Path.Combine(system.Folder, "run", "shop-1.health"));
        await ManualUpgrade.UntilAsync(async () =>
            (await system.Balancer.CommandAsync("show stat", Ct))
                .Split('\n')
                .Any(row => row.StartsWith("shop,shop-1,", StringComparison.Ordinal) && row.Contains("NOLB"))
        );
        await new ManualUpgrade(system).DrainAsync(system.Servers[0].Old);
        await system.Shop("shop-1").StopAsync();
        var before = (await customers.ReportAsync(Ct)).Sent;
        await ManualUpgrade.UntilAsync(async () => (await customers.ReportAsync(Ct)).Sent > before + 200);

        Assert.Equal(0, (await customers.StopAsync(Ct)).Failed);
    }
}
