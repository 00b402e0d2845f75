using System.Collections.Immutable;

namespace Storefront.Demo;

/// <summary>How each planned fault is put into the system. None of them is known to the plan.</summary>
internal static class Faults
{
    /// <summary>A system that has the fault in how it is set up.</summary>
    public static SystemOptions Prepare(Fault fault, string folder)
    {
        var sound = new SystemOptions { Folder = folder };
        return fault switch
        {
            Fault.None or Fault.Migrate => sound,
            Fault.Roll => sound with { NewServerSettings = Setting("SHOP_DB_NAME", "shop_that_is_not_there") },
            Fault.Verify => sound with { NewServerSettings = Setting("SHOP_CURRENCY", "USD") },
            Fault.Cache => sound with
            {
                // A copy needs about 5 MB; this one throws sessions away to stay below its limit.
                NewCacheConfiguration =
                [
                    "maxmemory 3mb",
                    "maxmemory-policy allkeys-random",
                    "replica-ignore-maxmemory no",
                ],
            },
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown fault"),
        };
    }

    /// <summary>Breaks what lies in the folder: a statement that fails at the end of the expand migration.</summary>
    public static Task BreakAsync(Fault fault, string folder, CancellationToken ct) =>
        fault is Fault.Migrate
            ? File.AppendAllTextAsync(
                Path.Combine(folder, "release", "4.2.0", "migrations", "042_expand_order_totals.sql"),
                "\nalter table orders add constraint orders_are_paid check (paid);\n",
                ct
            )
            : Task.CompletedTask;

    private static ImmutableDictionary<string, string> Setting(string name, string value) =>
        ImmutableDictionary<string, string>.Empty.Add(name, value);
}
