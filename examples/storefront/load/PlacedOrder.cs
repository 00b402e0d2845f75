using System.Globalization;

namespace Storefront.Load;

/// <summary>An order that a user placed: all that must be found again.</summary>
internal sealed record PlacedOrder(string Number, string Customer, string Item, long Cents)
{
    /// <summary>The n-th order of a user. The number is unique in all runs against the same database.</summary>
    public static PlacedOrder Make(string run, int user, int n) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{run}-{user}-{n}"),
            CustomerOf(user),
            string.Create(CultureInfo.InvariantCulture, $"item-{n % 97}"),
            100 + (((user * 7919L) + (n * 104_729L)) % 99_900)
        );

    public static string CustomerOf(int user) => string.Create(CultureInfo.InvariantCulture, $"buyer-{user}");
}
