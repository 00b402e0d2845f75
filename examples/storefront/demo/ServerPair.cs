namespace Storefront.Demo;

/// <summary>A server of the old release and the one that takes its place.</summary>
internal sealed record ServerPair(ShopAddress Old, ShopAddress New);

/// <summary>A server's name at the balancer and on disk, and its port on 127.0.0.1.</summary>
internal sealed record ShopAddress(string Name, int Port);
