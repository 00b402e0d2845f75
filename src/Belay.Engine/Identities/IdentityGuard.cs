using Belay.Domain.Contract;
using Belay.Domain.Environments;
using Belay.Domain.Journal;
using Belay.Domain.Json;

namespace Belay.Engine.Identities;

/// <summary>Compares the live systems of an environment with those that are known: a name or an address that leads elsewhere is found before anything is touched.</summary>
internal sealed class IdentityGuard(EngineParts parts)
{
    /// <summary>How long one system may take to say which one it is.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Before a run, a resume or a rollback: nothing begins on a system that is another one; what answers for the first time is known from now on.</summary>
    /// <returns>The account for the journal; null when the environment has no system that could be compared.</returns>
    /// <exception cref="OrderRefusedException">A system is another one.</exception>
    public async Task<EnvironmentIdentity?> AdmitAsync(CancellationToken ct)
    {
        var compared = await CompareAsync(ct);
        if (compared.Strangers is [_, ..] strangers)
            throw new OrderRefusedException(string.Join("; ", strangers));
        var now = parts.Clock.GetUtcNow();
        var learned = compared.Learned(now);
        if (learned.Systems.Count > compared.Known.Systems.Count)
            await parts.Identities.WriteAsync(compared.Environment, learned, ct);
        return compared.Account(now);
    }

    /// <summary>Reads what every system says of itself now.</summary>
    public async Task<Comparison> CompareAsync(CancellationToken ct) =>
        new()
        {
            Environment = parts.Environment.Name,
            Known = await parts.Identities.ReadAsync(parts.Environment.Name, ct),
            Seen = [.. await Task.WhenAll(parts.Environment.Identified.Select(name => LookAsync(name, ct)))],
        };

    private async Task<Sighting> LookAsync(string connection, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(Limit, parts.Clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            var id = await parts
                .Environment.IdentifyAsync(connection, parts.Clock, end.Token)
                .AsTask()
                .WaitAsync(end.Token);
            return new Sighting(connection, id);
        }
        catch (OperationException e)
        {
            return new Sighting(connection, null, EventRedaction.Clean(e.Message, [.. parts.Environment.Revealed]));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Sighting(connection, null, $"no answer within {Duration.Format(Limit)}");
        }
    }
}
