namespace Storefront;

/// <summary>One order as the shop keeps it.</summary>
internal sealed record Order
{
    /// <summary>Chosen by the client, unique: an order sent twice is placed once.</summary>
    public required string Number { get; init; }

    public required string Customer { get; init; }

    public required string Item { get; init; }

    /// <summary>The price in hundredths of the currency.</summary>
    public required long Cents { get; init; }
}
