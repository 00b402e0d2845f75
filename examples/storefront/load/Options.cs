using System.Globalization;

namespace Storefront.Load;

/// <summary>What the load generator is told on its command line.</summary>
internal sealed record Options
{
    public const string Usage =
        "usage: Load --shop PORT --control PORT [--users N] [--rate REQUESTS_PER_SECOND] [--sessions N] [--warm-up SECONDS]";

    /// <summary>The balancer's port on 127.0.0.1.</summary>
    public required int Shop { get; init; }

    /// <summary>The port on 127.0.0.1 where this program answers for itself.</summary>
    public required int Control { get; init; }

    /// <summary>Logged-in users, each on a connection of its own. Default 40.</summary>
    public required int Users { get; init; }

    /// <summary>Requests a second of all users together. Default 240.</summary>
    public required int Rate { get; init; }

    /// <summary>How many sessions were put into the cache beforehand. Default 20,000.</summary>
    public required int Sessions { get; init; }

    /// <summary>How long gaps and latencies are not measured yet. Default 2 seconds.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Null when the words make no sense.</summary>
    public static Options? Parse(string[] words)
    {
        var values = new Dictionary<string, int>
        {
            ["--users"] = 40,
            ["--rate"] = 240,
            ["--sessions"] = 20_000,
            ["--warm-up"] = 2,
        };
        foreach (var pair in words.Chunk(2))
        {
            if (pair is not [var name, var text] || !int.TryParse(text, CultureInfo.InvariantCulture, out var value))
                return null;
            values[name] = value;
        }
        return values.TryGetValue("--shop", out var shop) && values.TryGetValue("--control", out var control)
            ? new Options
            {
                Shop = shop,
                Control = control,
                Users = values["--users"],
                Rate = values["--rate"],
                Sessions = values["--sessions"],
                WarmUp = TimeSpan.FromSeconds(values["--warm-up"]),
            }
            : null;
    }
}
