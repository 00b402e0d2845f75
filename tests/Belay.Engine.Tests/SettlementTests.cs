using Belay.Domain.Contract;
using Belay.Engine.Running;

namespace Belay.Engine.Tests;

public sealed class SettlementTests
{
    private static readonly Difference Planned = Difference.Of(
        Reversal.Exact,
        new DifferenceLine("a", "1", "2"),
        new DifferenceLine("b", "1", "2")
    );
    private static readonly Difference Half = Difference.Of(Reversal.Exact, new DifferenceLine("b", "1", "2"));
    private static readonly Difference Foreign = Difference.Of(Reversal.Exact, new DifferenceLine("b", "7", "9"));

    public static TheoryData<Repeat, string, bool, TokenTrace?, bool?, string> Cases() =>
        new()
        {
            // What is done is adopted, whatever else is known.
            { Repeat.Never, "none", false, null, null, "Adopt" },
            { Repeat.Safe, "none", false, null, null, "Adopt" },
            // A token is proof.
            { Repeat.ByToken, "planned", true, TokenTrace.Done, null, "Adopt" },
            { Repeat.ByToken, "planned", true, TokenTrace.Running, null, "Await" },
            { Repeat.ByToken, "foreign", false, TokenTrace.Unknown, null, "Apply" },
            // Safe to repeat: from the state before, or on our own half-done work; never on somebody else's.
            { Repeat.Safe, "planned", true, null, null, "Apply" },
            { Repeat.Safe, "half", false, null, null, "Apply" },
            { Repeat.Safe, "foreign", false, null, null, "Doubt" },
            // Nobody but a person can tell.
            { Repeat.Never, "planned", true, null, null, "Doubt" },
            { Repeat.Never, "planned", true, null, true, "Adopt" },
            { Repeat.Never, "planned", true, null, false, "Apply" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_open_change_is_settled_by_what_can_be_seen(
        Repeat repeat,
        string left,
        bool same,
        TokenTrace? trace,
        bool? word,
        string expected
    )
    {
        var difference = left switch
        {
            "none" => Difference.None,
            "half" => Half,
            "foreign" => Foreign,
            _ => Planned,
        };

        Assert.Equal(expected, Settlement.Decide(repeat, Planned, difference, same, trace, word).GetType().Name);
    }
}
