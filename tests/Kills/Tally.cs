namespace Kills;

/// <summary>How many kills hit each window, and how many are wanted.</summary>
/// <param name="all">How many kills are wanted in all.</param>
/// <param name="each">How many at least in each window.</param>
internal sealed class Tally(int all, int each)
{
    private readonly Dictionary<Window, int> hits = Enum.GetValues<Window>().ToDictionary(window => window, _ => 0);
    private int unproven;

    /// <summary>Kills whose window is proven.</summary>
    public int Proven => hits.Values.Sum();

    /// <summary>Whether enough kills hit.</summary>
    public bool IsEnough => Proven >= all && hits.Values.All(count => count >= each);

    /// <summary>Counts one kill; null: neither journal nor log proves where it hit.</summary>
    public void Count(Window? window)
    {
        if (window is { } hit)
            hits[hit]++;
        else
            unproven++;
    }

    /// <summary>The window with the fewest hits among these.</summary>
    public Window Rarest(IReadOnlyList<Window> among) => among.MinBy(window => hits[window]);

    /// <summary>The counts in one line.</summary>
    public override string ToString() =>
        $"{Proven} kills: {hits[Window.AfterTheIntent]} after the intent, {hits[Window.DuringTheEffect]} during the effect, "
        + $"{hits[Window.BeforeTheResult]} before the result, {hits[Window.DuringUndo]} during undo; {unproven} more between windows";
}
