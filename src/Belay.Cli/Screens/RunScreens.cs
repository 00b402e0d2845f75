using Belay.Cli.Work;

namespace Belay.Cli.Screens;

/// <summary>Chooses how a run is shown.</summary>
internal static class RunScreens
{
    public static IRunScreen For(Workplace place) =>
        place.Screen switch
        {
            { Format: OutputFormat.Json } => new JsonLines(),
            { IsTerminal: true } => new LiveTree(place),
            _ => new PlainLines(place.Screen),
        };
}
