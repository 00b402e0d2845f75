using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;

namespace Belay.Domain.Tests;

public sealed class SecretFormsTests
{
    private const string Secret = "c4n4ry+key/'with \"all\" of it";

    public static TheoryData<string> Texts() =>
        [
            $"the server says: {Secret}!",
            $"url=https://x/?k={Uri.EscapeDataString(Secret)}&y=1",
            $"k={Uri.EscapeDataString(Secret).Replace("%20", "+", StringComparison.Ordinal)}",
            $"body {JsonSerializer.Serialize(Secret)}",
            $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))}",
            $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"u:{Secret}"))}",
            $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"u1:{Secret}:more"))}",
            $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"anna:{Secret}"))}",
        ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_secret_is_taken_out_of_texts_and_events_whatever_form_others_gave_it(string text)
    {
        var clean = EventRedaction.Clean(text, [Secret]);
        var happened = (AttemptFailed)EventRedaction.Clean(new AttemptFailed { Step = "a", Why = text }, [Secret]);

        Assert.Contains(EventRedaction.Mark, clean, StringComparison.Ordinal);
        Assert.Equal(clean, happened.Why);
        Assert.DoesNotContain("c4n4ry", clean, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_key_in_several_lines_no_line_is_left() =>
        Assert.Equal(
            "cannot read '(secret)'",
            EventRedaction.Clean(
                "cannot read 'MIIEvQIBADANBg'",
                ["-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----"]
            )
        );

    [Fact]
    public void Ordinary_words_are_left_alone() =>
        Assert.Equal("done: 1234 rows", EventRedaction.Clean("done: 1234 rows", ["pass", "ab\ncd"]));

    [Fact]
    public void A_secret_that_is_a_word_of_the_event_leaves_what_is_needed_to_take_the_change_back()
    {
        var inputs = System.Text.Json.JsonElement.Parse("""{"pooler":{"port":6432,"note":"a pooler"}}""");

        var clean = (Intent)
            EventRedaction.Clean(
                new Intent
                {
                    Step = "pooler",
                    Attempt = 1,
                    Operation = "postgresql.switch-over",
                    Inputs = inputs,
                    Before = inputs,
                    Difference = Belay.Domain.Contract.Difference.None,
                    Reversal = Belay.Domain.Contract.Reversal.Exact,
                    Restore = "save0",
                },
                ["pooler", "intent", "save0"]
            );

        Assert.Equal(("pooler", "save0"), (clean.Step, clean.Restore));
        Assert.Equal(6432, clean.Inputs.GetProperty("pooler").GetProperty("port").GetInt32());
        Assert.Equal("a (secret)", clean.Inputs.GetProperty("pooler").GetProperty("note").GetString());
    }
}
