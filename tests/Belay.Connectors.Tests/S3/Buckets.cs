using System.Collections.Immutable;
using System.Text;
using Belay.Connectors.S3;
using Belay.Domain.Contract;
using Belay.Parts;

namespace Belay.Connectors.Tests.S3;

/// <summary>
/// Two buckets with versions: of moto, or of the service that BELAY_TEST_S3 names (its address; the key in BELAY_TEST_S3_KEY_ID
/// and BELAY_TEST_S3_SECRET). moto checks no signatures; <see cref="SignatureTests"/> compares them with Amazon's own examples.
/// </summary>
internal sealed class Buckets : IAsyncDisposable
{
    public const string Secret = "moto-secret-access-key";

    private readonly MotoServer? moto;
    private readonly string name = $"belay-{Guid.NewGuid():N}"[..30];

    private Buckets(MotoServer? moto)
    {
        this.moto = moto;
        (From, To) = (Settings("from"), Settings("to"));
    }

    public S3Settings From { get; }

    public S3Settings To { get; }

    public static async Task<Buckets> StartAsync(CancellationToken ct, bool versions = true)
    {
        var real = Variable("BELAY_TEST_S3");
        if (real is null)
            Assert.SkipUnless(
                MotoServer.IsThere,
                "the S3 tests: there is no moto_server on PATH, and BELAY_TEST_S3 names no service"
            );
        var buckets = new Buckets(real is null ? await MotoServer.StartAsync(ct) : null);
        foreach (var settings in new[] { buckets.From, buckets.To })
        {
            await SendAsync(settings, new(HttpMethod.Put, ""), ct);
            if (versions)
                await SendAsync(
                    settings,
                    new(HttpMethod.Put, "")
                    {
                        Query = [("versioning", "")],
                        Body = Encoding.UTF8.GetBytes(
                            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
                        ),
                    },
                    ct
                );
        }
        return buckets;
    }

    /// <summary>Ends the service, so that nothing answers any more.</summary>
    public Task StopAsync() => moto?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Writes an object with metadata.</summary>
    public static async Task<string?> WriteAsync(S3Settings bucket, string key, string content, CancellationToken ct)
    {
        using var client = new S3Client(bucket, TimeProvider.System);
        var bytes = Encoding.UTF8.GetBytes(content);
        return await client.WriteAsync(
            key,
            bytes.Length,
            ImmutableDictionary.CreateRange([
                KeyValuePair.Create("content-type", "text/plain"),
                KeyValuePair.Create("x-amz-meta-owner", "shop"),
            ]),
            _ => Task.FromResult(bytes),
            ct
        );
    }

    public static async Task DeleteAsync(S3Settings bucket, string key, CancellationToken ct)
    {
        using var client = new S3Client(bucket, TimeProvider.System);
        await client.DeleteAsync(key, version: null, ct);
    }

    /// <summary>A few objects: with several versions, deleted, with odd names, empty, and larger than one part.</summary>
    public static async Task FillAsync(S3Settings bucket, CancellationToken ct)
    {
        await WriteAsync(bucket, "orders/1.json", "first", ct);
        await WriteAsync(bucket, "orders/1.json", "second", ct);
        await WriteAsync(bucket, "orders/gone.json", "was here", ct);
        await DeleteAsync(bucket, "orders/gone.json", ct);
        await WriteAsync(bucket, "orders/a b+c&d=ü.json", "odd name", ct);
        await WriteAsync(bucket, "orders/empty", "", ct);
        await WriteAsync(bucket, "other/2.json", "elsewhere", ct);
    }

    /// <summary>Everything in a bucket: each object and its versions.</summary>
    public static async Task<ImmutableSortedDictionary<string, string>> SnapshotAsync(
        string name,
        S3Settings bucket,
        CancellationToken ct
    )
    {
        using var client = new S3Client(bucket, TimeProvider.System);
        var objects = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        await foreach (var history in client.HistoriesAsync("", ct))
            objects[$"s3:{name}/{history[0].Key}"] = string.Join(
                '\n',
                history.Select(one => $"{one.Version} {one.IsDeletion} {one.ETag} {one.Size}")
            );
        return objects.ToImmutable();
    }

    public async ValueTask DisposeAsync()
    {
        if (moto is not null)
            await moto.DisposeAsync();
    }

    private static async Task SendAsync(S3Settings settings, S3Request request, CancellationToken ct)
    {
        using var transport = new S3Transport(settings, TimeProvider.System);
        using var answer = await transport.SendAsync(request, ct);
    }

    private S3Settings Settings(string which) =>
        new()
        {
            Bucket = $"{name}-{which}",
            Endpoint = Variable("BELAY_TEST_S3") ?? moto!.Endpoint,
            AccessKeyId = Variable("BELAY_TEST_S3_KEY_ID") ?? "moto",
            SecretAccessKey = new Secret(Variable("BELAY_TEST_S3_SECRET") ?? Secret),
        };

    private static string? Variable(string variable) => Environment.GetEnvironmentVariable(variable);
}
