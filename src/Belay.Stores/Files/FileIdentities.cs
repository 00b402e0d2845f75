using System.Text.Json;
using Belay.Domain.Environments;
using Belay.Engine.Ports;

namespace Belay.Stores.Files;

/// <summary>One file an environment, <c>identity.json</c>.</summary>
internal sealed class FileIdentities(StoreFolder store) : IIdentities
{
    /// <summary>Far more than any environment's; a greater file is none that Belay wrote.</summary>
    private const int GreatestBytes = 1024 * 1024;

    public Task<EnvironmentIdentity> ReadAsync(string environment, CancellationToken ct)
    {
        var path = PathOf(environment);
        try
        {
            return Task.FromResult(
                !File.Exists(path) ? EnvironmentIdentity.None
                : new FileInfo(path).Length > GreatestBytes ? throw Damaged(path)
                : JsonSerializer.Deserialize(File.ReadAllBytes(path), StoreJson.Identities) ?? throw Damaged(path)
            );
        }
        catch (JsonException e)
        {
            throw Damaged(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Unreadable(path, e);
        }
    }

    public Task WriteAsync(string environment, EnvironmentIdentity identity, CancellationToken ct)
    {
        store.Make(store.Environment(environment));
        DurableFile.Write(
            PathOf(environment),
            JsonSerializer.SerializeToUtf8Bytes(identity, StoreJson.Kebab.EnvironmentIdentity)
        );
        return Task.CompletedTask;
    }

    private string PathOf(string environment) => Path.Combine(store.Environment(environment), "identity.json");

    // Never taken for an environment that was not used yet: that would let any system in.
    private static JournalException Damaged(string path, Exception? cause = null) =>
        Faults.Damaged(
            path,
            "it does not say which systems the environment consists of. Put it back from a copy; or look at each system yourself, remove the file, and the next run takes them as they are",
            cause
        );
}
