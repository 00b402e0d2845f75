using System.Runtime.CompilerServices;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>
/// Puts what an archive holds in the place of a database. The archive is restored beside it and compared; only then the two
/// names are swapped, in one transaction. The replaced database is kept under another name, closed.
/// </summary>
internal sealed class Replacement(Server server, IScope scope, string database)
{
    private static readonly TimeSpan ReopeningLimit = TimeSpan.FromSeconds(30);
    private readonly Databases databases = new(server);
    private readonly DatabaseNames names = new(database, scope.Token);

    /// <summary>Where the replaced database is kept.</summary>
    public string Replaced => names.Replaced;

    /// <summary>Whether the database is the one that this step put there.</summary>
    public async Task<bool> IsDoneAsync(CancellationToken ct) =>
        (await databases.CommentAsync(database, ct)).Contains(names.Mark, StringComparison.Ordinal);

    /// <summary>Whether an earlier attempt left its half-made database.</summary>
    public Task<bool> HasLeftoverAsync(CancellationToken ct) => databases.ExistsAsync(names.Fresh, ct);

    /// <summary>Drops what an earlier attempt left, and lets sessions in again.</summary>
    public async Task ClearAsync(CancellationToken ct)
    {
        await databases.DropAsync(names.Fresh, ct);
        await databases.OpenAsync(database, ct);
    }

    /// <summary>Stops the writers, restores, compares, swaps. Does nothing when it was done. A failure leaves the old database, open.</summary>
    public async IAsyncEnumerable<Progress> RunAsync(
        string archive,
        DatabaseContents? expected,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (await IsDoneAsync(ct))
            yield break;
        var done = false;
        try
        {
            if (await databases.ExistsAsync(database, ct))
            {
                yield return Progress.Say($"ending the sessions of {database}");
                await databases.CloseAsync(database, ct);
            }
            var restore = new ArchiveRestore(server, scope);
            await foreach (var progress in restore.RunAsync(names.Fresh, database, archive, expected, ct))
                yield return progress;
            yield return Progress.Say($"swapping names; the replaced database is kept as {names.Replaced}");
            await databases.SwapAsync(database, names.Fresh, names.Replaced, names.Mark, ct);
            done = true;
        }
        finally
        {
            if (!done)
                await TryReopenAsync();
        }
    }

    private async Task TryReopenAsync()
    {
        using var limit = new CancellationTokenSource(ReopeningLimit, scope.Clock);
        try
        {
            await ClearAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationException or OperationCanceledException)
        {
            // The failure that led here is the one to tell; the next attempt begins by closing it again anyway.
        }
    }
}
