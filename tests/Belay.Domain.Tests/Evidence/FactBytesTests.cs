using System.Collections.Immutable;
using System.Text;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;

namespace Belay.Domain.Tests.Evidence;

/// <summary>Signatures of earlier versions must fit for ever: the signed bytes never change.</summary>
public sealed class FactBytesTests : IDisposable
{
    private static readonly DateTimeOffset On = new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero).AddTicks(
        1_234_567
    );

    private readonly SigningKey key = SigningKey.New();

    public static TheoryData<JournalEvent, string> Words() =>
        new()
        {
            {
                new Approved
                {
                    Step = "go",
                    By = "ben",
                    Note = "seen: ü <ok>",
                    Covers = "c1",
                },
                """{"fact":"approval","step":"go","covers":"c1","note":"seen: ü <ok>",@}"""
            },
            {
                new Confirmed { Step = "go", By = "ben" },
                """{"fact":"confirmation","step":"go",@}"""
            },
            {
                new StepResolved
                {
                    Step = "go",
                    By = "ben",
                    Happened = false,
                    Reason = "seen",
                },
                """{"fact":"resolution","step":"go","happened":false,"reason":"seen",@}"""
            },
            {
                new RollbackStarted
                {
                    By = "ben",
                    AcceptedLoss = ["a", "B"],
                    LossAtMost = new Dictionary<string, long> { ["a"] = 3, ["B"] = 0 }.ToImmutableSortedDictionary(),
                    To = "a",
                },
                """{"fact":"loss-acceptance","steps":["a","B"],"at-most":{"B":0,"a":3},"to":"a",@}"""
            },
            { new RunAbandoned("ben", "enough"), """{"fact":"abandonment","reason":"enough",@}""" },
        };

    public void Dispose() => key.Dispose();

    [Theory]
    [MemberData(nameof(Words))]
    public void The_signed_text_is_the_one_of_the_first_version(JournalEvent word, string text)
    {
        const string Rest = """
            "place":{"run":"run-1","environment":"production","plan-hash":"p1"},"by":"ben","on":"2026-03-01T02:00:00.1234567+00:00"
            """;
        var place = new FactPlace
        {
            Run = "run-1",
            Environment = "production",
            PlanHash = "p1",
        };
        var signed = DsseEnvelope.Pae(
            "application/vnd.belay.fact.v1+json",
            Encoding.UTF8.GetBytes(text.Replace("@", Rest, StringComparison.Ordinal))
        );
        var signature = new FactSignature
        {
            Key = key.Public.Id,
            On = On,
            Value = Convert.ToBase64String(key.Sign(signed)),
        };
        Assert.True(PersonalFact.Of(word, place, On)!.IsSigned(signature, key.Public));
    }
}
