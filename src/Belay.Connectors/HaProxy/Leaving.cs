using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Json;

namespace Belay.Connectors.HaProxy;

/// <summary>What happens to sessions that have not ended by themselves in time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AtDeadline>))]
public enum AtDeadline
{
    /// <summary>The step fails; the sessions go on.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,

    /// <summary>The sessions are cut off. Users notice: say so in the step's <c>impact</c>.</summary>
    [JsonStringEnumMemberName("close")]
    Close,
}

/// <summary>Waits until the sessions of a server have ended.</summary>
internal sealed class Leaving(ServerTarget target, TimeSpan atMost, AtDeadline atDeadline)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    /// <summary>Waits until no more than so many sessions are left, counted twice in a row on every process, while enough others serve.</summary>
    /// <exception cref="OperationException">Refused: too few others serve, or sessions are left at the deadline.</exception>
    public async IAsyncEnumerable<Progress> WaitAsync(
        int enough,
        int keep,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var started = target.Clock.GetTimestamp();
        var closed = false;
        int? first = null;
        int? told = null;
        while (true)
        {
            var state = await target.CountAsync(enough, ct);
            first ??= state.Sessions;
            if (told != state.Sessions)
                yield return Progress.Count(
                    Math.Max(0, first.Value - state.Sessions),
                    first,
                    "sessions",
                    $"{state.Sessions} sessions left on {target.Name}"
                );
            told = state.Sessions;
            if (state.Sessions <= enough)
                yield break;
            target.RefuseBelow(keep, state);
            var elapsed = target.Clock.GetElapsedTime(started);
            if (elapsed > (closed ? atMost + CloseLimit : atMost))
            {
                if (atDeadline is AtDeadline.Fail || closed)
                    throw StillThere(state);
                yield return Progress.Say($"cutting off {state.Sessions} sessions of {target.Name}");
                await CloseAsync(ct);
                closed = true;
            }
            await Task.Delay(Interval, target.Clock, ct);
        }
    }

    private async Task CloseAsync(CancellationToken ct)
    {
        foreach (var process in await target.ServingAsync(ct))
        {
            if (await target.FindAsync(process, ct) is { } row)
                await process.SetAsync($"shutdown sessions server {row.Backend}/{row.Name}", ct);
        }
    }

    private OperationException StillThere(ServerState state) =>
        OperationException.Refused(
            $"{state.Sessions} sessions of {target.Name} have not ended within {Duration.Format(atMost)}: wait longer (at-most), or cut them off (at-deadline: close)"
        );
}
