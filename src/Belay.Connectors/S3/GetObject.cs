using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.S3;

/// <summary>Inputs of <c>s3.get</c>.</summary>
public sealed record GetObjectInputs
{
    /// <summary>The bucket.</summary>
    [Connection("s3")]
    public required string From { get; init; }

    /// <summary>The object's key.</summary>
    public required string Key { get; init; }

    /// <summary>Its version, as <c>s3.put</c> told it. Default: the newest one.</summary>
    public string? Version { get; init; }

    /// <summary>SHA-256 of what must come, hex. Default: what <c>s3.put</c> noted at the object; an object without that note is refused.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The file that comes into being (mode 0600). Nothing else may lie there.</summary>
    public required string To { get; init; }
}

/// <summary>What <c>s3.get</c> sees.</summary>
public sealed record GetObjectState
{
    /// <summary>Where the file lies (absolute).</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex; null when it is not there yet.</summary>
    public string? File { get; init; }

    /// <summary>SHA-256 of what must come, lower-case hex.</summary>
    public required string Expected { get; init; }

    /// <summary>The size of the object in bytes.</summary>
    public required long Bytes { get; init; }
}

/// <summary><c>s3.get</c>: fetches a file, a backup for instance, out of a bucket.</summary>
internal sealed class GetObject : IChange<GetObjectState>, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly GetObjectInputs inputs;
    private readonly S3Client from;
    private readonly string path;
    private readonly string aside;

    private GetObject(GetObjectInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        from = new S3Client(scope.Connection<S3Settings>(inputs.From), scope.Clock);
        path = scope.PathOf(inputs.To);
        aside = $"{path}.{scope.Token}.partial";
    }

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<GetObjectInputs, GetObjectState>(
            "s3.get",
            "Fetches a file out of a bucket, and compares it with its checksum",
            options => new GetObjectJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch($"s3:{inputs.From}/{inputs.Key}", TouchKind.Read),
                    new Touch($"file:{inputs.To}", TouchKind.Create),
                ],
            (inputs, scope) => new GetObject(inputs, scope)
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<GetObjectState> ObserveAsync(CancellationToken ct)
    {
        var head =
            await from.HeadAsync(inputs.Key, inputs.Version, ct)
            ?? throw OperationException.Refused($"{from.Place} has no object {inputs.Key}");
        var expected =
            inputs.Sha256?.ToLowerInvariant()
            ?? head.Headers.GetValueOrDefault(PutObject.HashHeader)
            ?? throw OperationException.Refused(
                $"{from.Place}/{inputs.Key} was not put there by s3.put: say in sha256 what must come"
            );
        var found = await FileHash.OfAsync(path, ct);
        if (found is not null && found != expected)
            throw OperationException.Refused($"{path} is there already, and is something else: name another file");
        return new GetObjectState
        {
            Path = path,
            File = found,
            Expected = expected,
            Bytes = head.Size,
        };
    }

    public Difference Plan(GetObjectState observed) =>
        observed.File is not null
            ? Difference.None
            : Difference.Of(Reversal.Exact, new DifferenceLine($"file {inputs.To}", null, observed.Expected));

    public bool Same(GetObjectState a, GetObjectState b) => a.File == b.File;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        GetObjectState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await ObserveAsync(ct);
        if (now.File is not null)
            yield break;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(aside);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = Create())
        {
            foreach (var part in ObjectParts.Of(now.Bytes))
            {
                yield return Progress.Count(part.From, now.Bytes, "bytes", inputs.Key);
                var bytes = await from.ReadAsync(inputs.Key, inputs.Version, part.From, part.Length, ct);
                hash.AppendData(bytes);
                await file.WriteAsync(bytes, ct);
            }
            file.Flush(flushToDisk: true);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != now.Expected)
        {
            File.Delete(aside);
            throw OperationException.Refused(
                $"{from.Place}/{inputs.Key} is not what was put there: its SHA-256 is another one"
            );
        }
        File.Move(aside, path);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        GetObjectState before,
        GetObjectState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"removing {path}");
        File.Delete(aside);
        // What lies there may be somebody else's by now.
        if (before.File is null && await FileHash.OfAsync(path, ct) == before.Expected)
            File.Delete(path);
    }

    public void Dispose() => from.Dispose();

    private FileStream Create() =>
        new(
            aside,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }
        );
}

[JsonSerializable(typeof(GetObjectInputs))]
[JsonSerializable(typeof(GetObjectState))]
internal sealed partial class GetObjectJson : JsonSerializerContext;
