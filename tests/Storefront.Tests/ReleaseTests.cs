using System.Net;
using System.Net.Http.Json;
using Storefront.Demo;

namespace Storefront.Tests;

/// <summary>Which release lives with which schema: the example's windows are real, not declared.</summary>
public sealed class ReleaseTests
{
    private const string Expand = "042_expand_order_totals.sql";
    private const string Contract = "043_contract_order_totals.sql";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_release_takes_orders_on_its_own_schemas_and_refuses_the_others()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var system = temporary.Live;
        var upgrade = new ManualUpgrade(system);
        var (old, @new) = (system.Servers[0].Old, system.Servers[0].New);

        Assert.Equal(HttpStatusCode.Created, await OrderAsync(old, "on-41"));

        await upgrade.MigrateAsync(Expand);
        await system.StartShopAsync(@new, "4.2.0", Ct);
        Assert.Equal(HttpStatusCode.Created, await OrderAsync(old, "old-on-42"));
        Assert.Equal(HttpStatusCode.Created, await OrderAsync(@new, "new-on-42"));
        foreach (var number in (string[])["on-41", "old-on-42", "new-on-42"])
        {
            Assert.Equal(1234, await CentsAsync(old, number));
            Assert.Equal(1234, await CentsAsync(@new, number));
        }

        await upgrade.MigrateAsync(Contract);
        Assert.Equal(HttpStatusCode.Created, await OrderAsync(@new, "on-43"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await OrderAsync(old, "old-on-43"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync(old));
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(@new));
    }

    [Fact]
    public async Task The_new_release_does_not_get_healthy_before_the_migration()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var address = temporary.Live.Servers[0].New;

        var starting = temporary.Live.StartShopAsync(address, "4.2.0", Ct);
        await ManualUpgrade.UntilAsync(async () => await TryHealthAsync(address) is HttpStatusCode.ServiceUnavailable);

        await new ManualUpgrade(temporary.Live).MigrateAsync(Expand);
        await starting;
    }

    [Fact]
    public async Task The_new_release_names_the_setting_it_misses_and_does_not_start()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var address = temporary.Live.Servers[0].New;
        var file = Path.Combine(temporary.Live.Folder, "run", $"{address.Name}.env");
        var lines = await File.ReadAllLinesAsync(file, Ct);
        await File.WriteAllLinesAsync(
            file,
            lines.Where(line => !line.StartsWith("SHOP_CURRENCY", StringComparison.Ordinal)),
            Ct
        );

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            temporary.Live.StartShopAsync(address, "4.2.0", Ct)
        );

        Assert.Contains("SHOP_CURRENCY is not set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undoing_the_expand_migration_gives_the_schema_and_every_order_back()
    {
        await using var temporary = await TemporarySystem.StartAsync();
        var system = temporary.Live;
        var upgrade = new ManualUpgrade(system);
        var before = await SchemaAsync(system);

        await upgrade.MigrateAsync(Expand);
        Assert.NotEqual(before, await SchemaAsync(system));
        await system.StartShopAsync(system.Servers[0].New, "4.2.0", Ct);
        Assert.Equal(HttpStatusCode.Created, await OrderAsync(system.Servers[0].New, "by-the-new-release"));
        await upgrade.MigrateAsync("042_expand_order_totals.down.sql");

        Assert.Equal(before, await SchemaAsync(system));
        Assert.Equal(1234, await CentsAsync(system.Servers[0].Old, "by-the-new-release"));
    }

    private static async Task<HttpStatusCode> OrderAsync(ShopAddress shop, string number)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{shop.Port}") };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/order")
        {
            Headers = { { "x-session", "seed-00001" } },
            Content = JsonContent.Create(new OrderRequest(number, "item-1", 1234), Wire.Default.OrderRequest),
        };
        using var answer = await http.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private static async Task<long> CentsAsync(ShopAddress shop, string number)
    {
        using var http = new HttpClient();
        var page = new Uri($"http://127.0.0.1:{shop.Port}/order/{number}");
        return (await http.GetFromJsonAsync(page, Wire.Default.OrderAnswer, Ct))!.Cents;
    }

    private static async Task<HttpStatusCode> HealthAsync(ShopAddress shop)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{shop.Port}/healthz"), Ct);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode?> TryHealthAsync(ShopAddress shop)
    {
        try
        {
            return await HealthAsync(shop);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<object?> SchemaAsync(LiveSystem system) =>
        await system.Database.ExecuteAsync(
            """
            select string_agg(line, E'\n' order by line) from (
                select format('%s %s %s %s', table_name, column_name, data_type, is_nullable) line
                from information_schema.columns where table_schema = 'public'
                union all
                select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
                union all
                select proname::text from pg_proc where pronamespace = 'public'::regnamespace
                union all
                select indexdef from pg_indexes where schemaname = 'public'
            ) lines
            """,
            "shop",
            Ct
        );
}
