namespace Storefront.Demo;

/// <summary>Where the demonstration breaks the system on purpose.</summary>
internal enum Fault
{
    /// <summary>Nothing is broken.</summary>
    None,

    /// <summary>The expand migration fails half-way.</summary>
    Migrate,

    /// <summary>The new release never gets healthy: it is given a wrong database password.</summary>
    Roll,

    /// <summary>The new cache has too little memory for the sessions.</summary>
    Cache,

    /// <summary>All is healthy, but orders are priced in a wrong currency: only the business check sees it.</summary>
    Verify,
}
