using System.Collections.Immutable;
using System.Text;
using Belay.Engine.Ports;
using Belay.Stores.Files;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>The other files of the state folder: lease, fence, identity, requests, sealed values and where their key lies.</summary>
internal sealed class StateTarget : ITarget
{
    private const string Run = "run-1";
    private const string Environment = "default";

    private readonly string state;
    private readonly FileStore store;
    private readonly string name;

    public StateTarget(string folder)
    {
        state = Path.Combine(folder, "state");
        store = new FileStore(state, Path.Combine(folder, "state-keys"), TimeProvider.System);
        Put($"runs/{Run}/journal.jsonl", JournalCorpus.All[0].Bytes);
        name = store.SealedValues.Seal(Run, "a secret");
        Samples =
        [
            Of(
                $"environments/{Environment}/lease",
                """{"who":"anna@build-1 pid 4711","since":"2026-03-01T02:00:00+00:00"}"""
            ),
            Of($"environments/{Environment}/fence", "12\n"),
            Of(
                $"environments/{Environment}/identity.json",
                """{"systems":{"db":{"id":"7310","since":"2026-03-01T02:00:00+00:00"}},"not-compared":{"cache":"it has none"}}"""
            ),
            Of($"runs/{Run}/requests/0000000001-a.json", """{"request":"halt","by":"anna","note":"enough"}"""),
            Of(
                $"runs/{Run}/requests/0000000001-a.json",
                """{"request":"approve","by":"ben","step":"go","covers":"00","signature":{"key":"00","on":"2026-03-01T02:00:00+00:00","value":"AA=="}}"""
            ),
            Of($"runs/{Run}/requests/0000000001-a.json", """{"request":"confirm","by":"ben","step":"go"}"""),
            new($"runs/{Run}/sealed/{name}", File.ReadAllBytes(Path.Combine(state, $"runs/{Run}/sealed/{name}"))),
            new($"runs/{Run}/sealed/key", File.ReadAllBytes(Path.Combine(state, $"runs/{Run}/sealed/key"))),
        ];
    }

    public string Name => "state";

    public ImmutableArray<Sample> Samples { get; }

    public string? Refusal { get; private set; }

    public byte[] Mutate(Mutation mutation, Sample sample, Sample other) =>
        mutation.OneIn(3) ? mutation.Text(sample.Bytes, other.Bytes) : mutation.Json(sample.Bytes, other.Bytes);

    public void Prepare(Sample sample, byte[] input)
    {
        foreach (var good in Samples)
            Put(good.Name, good.Bytes);
        Put(sample.Name, input);
    }

    public bool Try(Sample sample, byte[] input)
    {
        Refusal = null;
        bool[] good =
        [
            Reads(() =>
            {
                _ = store.Leases.HolderAsync(Environment, CancellationToken.None).GetAwaiter().GetResult();
                TakeLease();
            }),
            Reads(() =>
                _ = store.Identities.ReadAsync(Environment, CancellationToken.None).GetAwaiter().GetResult().Hash()
            ),
            Reads(ReadRequests),
            Reads(() => _ = store.SealedValues.Unseal(Run, name)),
        ];
        return good.All(one => one);
    }

    public void TryAtLength() { }

    private void TakeLease()
    {
        var first = store
            .Leases.TryTakeAsync(Environment, "anna", Run, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        if (first is not LeaseAttempt.Taken { Lease: var lease })
            throw new BrokenPromiseException("nobody holds the lease, and it cannot be taken");
        lease.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void ReadRequests()
    {
        using var enough = new CancellationTokenSource();
        // The token is cancelled when everything that waits was read: nothing is waited for.
        var requests = store.Requests.ReadAsync(Run, enough.Token).GetAsyncEnumerator(CancellationToken.None);
        if (!requests.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            throw new BrokenPromiseException("a request that waits is passed over");
        _ = requests.Current.Request.By.Length;
        enough.Cancel();
        requests.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private bool Reads(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (JournalException e)
        {
            Refusal = e.Message;
            return false;
        }
    }

    private void Put(string file, byte[] bytes)
    {
        var path = Path.Combine(state, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private static Sample Of(string file, string text) => new(file, Encoding.UTF8.GetBytes(text));
}
