using System.Globalization;

namespace Storefront.Load;

/// <summary>
/// One of the sessions that lie in the cache before the upgrade starts. Its content follows from its number, so that
/// whoever reads it back knows what it must say, to the millisecond of its expiry.
/// </summary>
internal sealed record SeededSession(string Token, string Customer, string Cart, long ExpiresAt)
{
    private static readonly DateTimeOffset FirstExpiry = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static SeededSession Number(int n) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"seed-{n:D5}"),
            string.Create(CultureInfo.InvariantCulture, $"customer-{n:D5}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"item-{n % 97} x {1 + (n % 5)}, coupon {n * 2_654_435_761L % 1_000_000}"
            ),
            FirstExpiry.AddSeconds(n).ToUnixTimeMilliseconds()
        );
}
