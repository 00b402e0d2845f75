namespace Storefront.Load;

/// <summary>What the shop, or the balancer in its place, answered.</summary>
internal sealed record ShopAnswer(int Status, string Body);
