using System.Globalization;
using Storefront.Cache;

namespace Storefront;

/// <summary>
/// The sessions in Redis or Valkey. Every command here gives the same result when it is sent twice, which is what lets
/// <see cref="CacheClient"/> send a command again that got no answer.
/// </summary>
internal sealed class SessionStore(CacheClient cache, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static string KeyOf(string token) => $"session:{token}";

    public async Task<Session> StartAsync(string token, string customer, CancellationToken ct)
    {
        var session = new Session
        {
            Token = token,
            Customer = customer,
            Cart = "",
            ExpiresAt = (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds(),
        };
        await cache.SendAsync(Write(session), ct);
        return session;
    }

    /// <summary>The commands that put a session with its expiry into the cache.</summary>
    public static IReadOnlyList<RespCommand> Write(Session session) =>
        [
            new("HSET", KeyOf(session.Token), "customer", session.Customer, "cart", session.Cart),
            new("PEXPIREAT", KeyOf(session.Token), session.ExpiresAt.ToString(CultureInfo.InvariantCulture)),
        ];

    public async Task<Session?> FindAsync(string token, CancellationToken ct)
    {
        var key = KeyOf(token);
        var replies = await cache.SendAsync([new("HMGET", key, "customer", "cart"), new("PEXPIRETIME", key)], ct);
        return replies is [RespReply.Many([RespReply.Text customer, RespReply.Text cart]), RespReply.Number expiry]
            ? new Session
            {
                Token = token,
                Customer = customer.Value,
                Cart = cart.Value,
                ExpiresAt = expiry.Value,
            }
            : null;
    }

    /// <summary>Notes that the user was here and gives the session its whole lifetime again.</summary>
    public Task TouchAsync(string token, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var expiry = (now + Lifetime).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var seen = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return cache.SendAsync([new("HSET", KeyOf(token), "seen", seen), new("PEXPIREAT", KeyOf(token), expiry)], ct);
    }

    public Task EndAsync(string token, CancellationToken ct) => cache.SendAsync([new("DEL", KeyOf(token))], ct);

    /// <summary>How many sessions the cache holds.</summary>
    public async Task<long> CountAsync(CancellationToken ct) =>
        await cache.SendAsync([new("DBSIZE")], ct) is [RespReply.Number count] ? count.Value : 0;
}
