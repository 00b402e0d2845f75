using System.Text;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;

namespace Belay.Domain.Tests.Journal;

public sealed class JournalLineTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_line_reads_back_as_what_was_written()
    {
        var intent = new Intent
        {
            Step = "a",
            Attempt = 1,
            Operation = "toy.set",
            Inputs = JsonElement.Parse("{}"),
            Before = JsonElement.Parse("""{"value":"x"}"""),
            Difference = Difference.Of(Reversal.Exact, new DifferenceLine("cell", null, "new")),
            Reversal = Reversal.Exact,
        };

        var (entry, line) = JournalLine.Write(1, At, 7, JournalLine.Genesis, intent);
        var read = JournalLine.Read(line);

        Assert.Equal(entry.Hash, read.Hash);
        Assert.Equal(At, read.At);
        Assert.Equal(intent.Difference, Assert.IsType<Intent>(read.Event).Difference);
    }

    [Fact]
    public void A_changed_line_is_told()
    {
        var (_, line) = JournalLine.Write(1, At, 7, JournalLine.Genesis, new RunAbandoned("anna", "enough"));
        var changed = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(line).Replace("anna", "anne", StringComparison.Ordinal)
        );

        var damage = Assert.Throws<JournalDamageException>(() => JournalLine.Read(changed));

        Assert.Contains("changed", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_a_later_Belay_with_members_that_are_not_known_is_read()
    {
        const string Body =
            """{"v":1,"seq":1,"at":"2026-01-02T03:04:05.000000Z","fence":1,"kind":"run-abandoned","by":"anna","why":"enough","mood":"fine","prev":"00" """;
        var line = Body.TrimEnd();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(line)));

        var read = JournalLine.Read(Encoding.UTF8.GetBytes($"{line},\"hash\":\"{hash}\"}}"));

        Assert.Equal(new RunAbandoned("anna", "enough"), read.Event);
    }

    [Fact]
    public void No_secret_that_was_used_stands_in_an_event()
    {
        var clean = EventRedaction.Clean(new RunAbandoned("anna", "password hunter22 was wrong"), ["hunter22"]);

        Assert.Equal(new RunAbandoned("anna", "password (secret) was wrong"), clean);
    }

    [Theory]
    [InlineData(
        "a null among changes",
        """ "kind":"run-resumed","by":"a","host":"b","version":"c","changes":[null] """
    )]
    [InlineData("no changes at all", """ "kind":"run-resumed","by":"a","host":"b","version":"c" """)]
    [InlineData("a halt of no known cause", """ "kind":"run-halted","cause":99,"why":"x" """)]
    [InlineData(
        "an endless latency",
        """ "kind":"watch-sampled","watch":"a","since":"2026-01-02T03:04:05Z","count":1,"failed":0,"median-ms":1,"greatest-ms":1e999 """
    )]
    [InlineData(
        "a window since the first moment",
        """ "kind":"watch-sampled","watch":"a","since":"0001-01-01T00:00:00Z","count":1,"failed":0,"median-ms":1,"greatest-ms":1 """
    )]
    [InlineData("half of a letter", """ "kind":"step-done","step":"a","after":{"b":"\uD800"} """)]
    [InlineData("no step", """ "kind":"step-done","step":null """)]
    [InlineData("no kind", """ "by":"a" """)]
    public void A_forged_line_is_refused_although_its_hash_fits(string forged, string body)
    {
        var damage = Assert.Throws<JournalDamageException>(() =>
            JournalLine.Read(Forged(Encoding.UTF8.GetBytes(body)))
        );

        Assert.True(damage.Message.Contains("not an event that Belay writes", StringComparison.Ordinal), forged);
    }

    [Fact]
    public void A_line_that_is_no_text_is_refused_although_its_hash_fits()
    {
        byte[] body = [.. "\"kind\":\"step-done\",\"step\":\"a\",\"after\":{\"b\":\""u8, 0xF8, .. "\"}"u8];

        Assert.Throws<JournalDamageException>(() => JournalLine.Read(Forged(body)));
    }

    private static byte[] Forged(byte[] body)
    {
        byte[] line =
        [
            .. """{"v":1,"seq":1,"at":"2026-01-02T03:04:05.000000Z","fence":1,"""u8,
            .. body,
            .. ""","prev":"00" """u8.TrimEnd((byte)' '),
        ];
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(line));
        return [.. line, .. Encoding.UTF8.GetBytes($",\"hash\":\"{hash}\"}}")];
    }
}
