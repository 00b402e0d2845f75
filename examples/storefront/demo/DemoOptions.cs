using System.Collections.Immutable;

namespace Storefront.Demo;

/// <summary>What <c>./quickstart</c> was asked for.</summary>
internal sealed record DemoOptions
{
    public const string Usage = """
        usage: quickstart [--fail migrate|roll|cache|verify] [--kill] [--keep] [--folder DIR]

          --fail WHERE  break the system there, and show the halt and the way back
          --kill        end Belay with SIGKILL several times on the way, and resume
          --keep        leave everything running afterwards, until Ctrl-C
          --folder DIR  where the live system's files go; by default a new folder among the temporary files
        """;

    private static readonly ImmutableDictionary<string, Fault> FaultNames = ImmutableDictionary<string, Fault>
        .Empty.Add("migrate", Fault.Migrate)
        .Add("roll", Fault.Roll)
        .Add("cache", Fault.Cache)
        .Add("verify", Fault.Verify);

    /// <summary>The program <c>belay</c>.</summary>
    public required string Belay { get; init; }

    public Fault Fault { get; init; }

    public bool Kill { get; init; }

    public bool Keep { get; init; }

    /// <summary>Null for a new temporary folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Null when the words make no sense.</summary>
    public static DemoOptions? Parse(string[] words)
    {
        var options = new DemoOptions { Belay = "belay" };
        for (var rest = new Queue<string>(words); rest.TryDequeue(out var word); )
        {
            switch (word)
            {
                case "--kill":
                    options = options with { Kill = true };
                    break;
                case "--keep":
                    options = options with { Keep = true };
                    break;
                case "--folder" when rest.TryDequeue(out var folder):
                    options = options with { Folder = folder };
                    break;
                case "--belay" when rest.TryDequeue(out var belay):
                    options = options with { Belay = belay };
                    break;
                case "--fail" when rest.TryDequeue(out var name) && FaultNames.TryGetValue(name, out var fault):
                    options = options with { Fault = fault };
                    break;
                default:
                    return null;
            }
        }
        return options;
    }
}
