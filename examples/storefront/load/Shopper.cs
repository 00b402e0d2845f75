using System.Net.Sockets;
using System.Text.Json;

namespace Storefront.Load;

/// <summary>One logged-in user who looks at pages and places an order every fifth time, and never tries again.</summary>
internal sealed class Shopper(Options options, string run, int user, Tally tally, TimeProvider clock) : IDisposable
{
    private const int OneOrderIn = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ShopConnection _connection = new(options.Shop);
    private string _token = "";

    public async Task LogInAsync(CancellationToken ct)
    {
        var body = JsonSerializer.Serialize(new(PlacedOrder.CustomerOf(user)), Wire.Default.LoginRequest);
        var answer = await _connection.SendAsync(
            new()
            {
                Method = "POST",
                Path = "/login",
                Body = body,
            },
            ct
        );
        if (answer.Status != 200)
            throw new IOException($"login answered {answer.Status}: {answer.Body}");
        _token = JsonSerializer.Deserialize(answer.Body, Wire.Default.SeededSession)!.Token;
    }

    /// <summary>Goes on until cancelled; a request under way is finished and counted.</summary>
    public async Task ShopAsync(CancellationToken ct)
    {
        var interval = TimeSpan.FromSeconds(options.Users / (double)options.Rate);
        try
        {
            // Users start spread over one interval, not all in the same millisecond.
            await Task.Delay(interval * (user / (double)options.Users), clock, ct);
            using var timer = new PeriodicTimer(interval, clock);
            for (var n = 1; await timer.WaitForNextTickAsync(ct); n++)
                await (n % OneOrderIn == 0 ? OrderAsync(n) : LookAsync());
        }
        catch (OperationCanceledException)
        {
            // The end of the load.
        }
    }

    public void Dispose() => _connection.Dispose();

    private Task LookAsync() =>
        SendAsync(
            new()
            {
                Method = "GET",
                Path = "/page",
                Session = _token,
            },
            expected: 200,
            order: null
        );

    private Task OrderAsync(int n)
    {
        var order = PlacedOrder.Make(run, user, n);
        var body = JsonSerializer.Serialize(new(order.Number, order.Item, order.Cents), Wire.Default.OrderRequest);
        return SendAsync(
            new()
            {
                Method = "POST",
                Path = "/order",
                Session = _token,
                Body = body,
            },
            expected: 201,
            order
        );
    }

    private async Task SendAsync(ShopRequest request, int expected, PlacedOrder? order)
    {
        tally.Sent();
        var started = clock.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            var answer = await _connection.SendAsync(request, patience.Token);
            if (answer.Status == expected)
                tally.Answered(clock.GetElapsedTime(started), order);
            else
                tally.Failed($"{request.Method} {request.Path} answered {answer.Status}: {answer.Body}");
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            tally.Failed($"{request.Method} {request.Path}: {error.Message}");
        }
    }
}
