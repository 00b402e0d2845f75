namespace Storefront;

/// <summary>
/// What tells one release of the shop from the other: the schemas it can work on and the statements it speaks.
/// </summary>
internal sealed record Release
{
    /// <summary>The old release: orders carry their price in the column <c>amount</c>, which schema 43 drops.</summary>
    public static readonly Release V410 = new()
    {
        Version = "4.1.0",
        SchemaFrom = 41,
        SchemaTo = 42,
        RequiresCurrency = false,
        InsertOrder = """
            insert into orders (number, customer, item, amount)
            values ($1, $2, $3, $4::bigint / 100.0) on conflict (number) do nothing
            """,
        SelectOrder = "select customer, item, (amount * 100)::bigint from orders where number = $1",
    };

    /// <summary>The new release: orders carry their price in <c>total_cents</c>, which schema 42 adds.</summary>
    public static readonly Release V420 = new()
    {
        Version = "4.2.0",
        SchemaFrom = 42,
        SchemaTo = 43,
        RequiresCurrency = true,
        InsertOrder = """
            insert into orders (number, customer, item, total_cents)
            values ($1, $2, $3, $4::bigint) on conflict (number) do nothing
            """,
        SelectOrder = "select customer, item, total_cents from orders where number = $1",
    };

    public static readonly IReadOnlyList<Release> All = [V410, V420];

    public required string Version { get; init; }

    /// <summary>The oldest schema version that the release works on.</summary>
    public required int SchemaFrom { get; init; }

    /// <summary>The newest schema version that the release works on.</summary>
    public required int SchemaTo { get; init; }

    /// <summary>Whether the release refuses to start without the setting <c>CURRENCY</c>.</summary>
    public required bool RequiresCurrency { get; init; }

    /// <summary>Parameters: number, customer, item, price in cents. Touches no row when the number is taken.</summary>
    public required string InsertOrder { get; init; }

    /// <summary>Parameter: number. Columns: customer, item, price in cents.</summary>
    public required string SelectOrder { get; init; }

    public static Release? Find(string version) => All.FirstOrDefault(release => release.Version == version);

    public bool WorksOn(int schema) => schema >= SchemaFrom && schema <= SchemaTo;
}
