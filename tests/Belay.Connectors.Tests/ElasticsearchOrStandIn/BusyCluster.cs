using Belay.Domain.Contract;
using Belay.ElasticsearchStandIn;

namespace Belay.Connectors.Tests.ElasticsearchOrStandIn;

/// <summary>A stand-in that from now on turns requests away, and loses answers, at moments from a seed.</summary>
internal sealed class BusyCluster : IAsyncDisposable
{
    private const int OneIn = 6;
    private const int MostAttempts = 40;
    private readonly StandInServer server;

    public BusyCluster(StandInServer server, int seed)
    {
        this.server = server;
        server.Misbehave(seed, OneIn);
    }

    public int Faulted => server.Faulted;

    public void Calm() => server.Misbehave(seed: 1, oneIn: 0);

    /// <summary>Carries out a change as the engine does: after a failure that may pass it observes and goes on.</summary>
    public static async Task FinishAsync(Products products, string operation, string inputs)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await products.ApplyAsync(operation, inputs);
                return;
            }
            catch (OperationException e) when (e.Kind != FailureKind.Refused && attempt < MostAttempts)
            {
                Assert.DoesNotContain(SharedSearch.Password, e.Message, StringComparison.Ordinal);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Calm();
        return ValueTask.CompletedTask;
    }
}
