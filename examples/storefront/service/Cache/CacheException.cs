namespace Storefront.Cache;

/// <summary>The cache gave no answer within the deadline, or refused the command.</summary>
internal sealed class CacheException(string message) : Exception(message);
