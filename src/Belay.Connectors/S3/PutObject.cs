using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.S3;

/// <summary>Inputs of <c>s3.put</c>.</summary>
public sealed record PutObjectInputs
{
    /// <summary>The file; an earlier step may make it.</summary>
    public required string File { get; init; }

    /// <summary>The bucket.</summary>
    [Connection("s3")]
    public required string To { get; init; }

    /// <summary>The object's key. Nothing may lie there yet.</summary>
    public required string Key { get; init; }
}

/// <summary>What <c>s3.put</c> sees.</summary>
public sealed record PutObjectState
{
    /// <summary>SHA-256 of the file, lower-case hex; null when it is not there yet.</summary>
    public string? File { get; init; }

    /// <summary>SHA-256 of the object that this step of this run put there, lower-case hex; null when there is none.</summary>
    public string? Stored { get; init; }

    /// <summary>Its version; null when there is none, or the bucket keeps none.</summary>
    public string? Version { get; init; }
}

/// <summary><c>s3.put</c>: keeps a file, a backup for instance, in a bucket.</summary>
internal sealed class PutObject : IChange<PutObjectState>, IAsyncDisposable
{
    private const string TokenHeader = "x-amz-meta-belay-token";

    /// <summary>Where an object says what it must hold.</summary>
    internal const string HashHeader = "x-amz-meta-belay-sha256";

    private readonly PutObjectInputs inputs;
    private readonly IScope scope;
    private readonly S3Client to;
    private readonly string file;

    private PutObject(PutObjectInputs inputs, IScope scope)
    {
        (this.inputs, this.scope) = (inputs, scope);
        to = new S3Client(scope.Connection<S3Settings>(inputs.To), scope.Clock);
        file = scope.PathOf(inputs.File);
    }

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<PutObjectInputs, PutObjectState>(
            "s3.put",
            "Puts a file into a bucket, and reads it back",
            options => new PutObjectJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch($"file:{inputs.File}", TouchKind.Read),
                    new Touch($"s3:{inputs.To}/{inputs.Key}", TouchKind.Create),
                ],
            (inputs, scope) => new PutObject(inputs, scope)
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<PutObjectState> ObserveAsync(CancellationToken ct)
    {
        var head = await to.HeadAsync(inputs.Key, version: null, ct);
        if (head is not null && head.Headers.GetValueOrDefault(TokenHeader) != scope.Token)
            throw OperationException.Refused(
                $"{to.Place}/{inputs.Key} is there already, and this step did not put it there: name another key"
            );
        return new PutObjectState
        {
            File = await FileHash.OfAsync(file, ct),
            Stored = head?.Headers.GetValueOrDefault(HashHeader),
            Version = head?.Version,
        };
    }

    public Difference Plan(PutObjectState observed) =>
        observed.Stored is not null && observed.Stored == observed.File
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine($"object {inputs.Key} of {inputs.To}", observed.Stored, observed.File ?? "the file")
            );

    public bool Same(PutObjectState a, PutObjectState b) => a.Stored == b.Stored;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        PutObjectState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var now = await ObserveAsync(ct);
        if (Plan(now).IsEmpty)
            yield break;
        if (now.File is not { } hash)
            throw OperationException.Refused($"there is no file {file}");
        if (now.Stored is not null)
            await to.DeleteAsync(inputs.Key, now.Version, ct);
        await using var content = File.OpenRead(file);
        yield return Progress.Count(0, content.Length, "bytes", inputs.Key);
        var version = await to.WriteAsync(
            inputs.Key,
            content.Length,
            ImmutableDictionary.CreateRange([
                KeyValuePair.Create(TokenHeader, scope.Token),
                KeyValuePair.Create(HashHeader, hash),
            ]),
            part => ReadAsync(content, part, ct),
            ct
        );
        yield return Progress.Count(content.Length, content.Length, "bytes", "reading it back");
        if (await to.HashAsync(inputs.Key, version, content.Length, ct) != hash)
        {
            await to.DeleteAsync(inputs.Key, version ?? "null", ct);
            throw OperationException.Refused(
                $"{to.Place}/{inputs.Key} does not hold what was put there; it was removed"
            );
        }
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        PutObjectState before,
        PutObjectState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"removing {to.Place}/{inputs.Key}");
        if (await ObserveAsync(ct) is { Stored: not null } now)
            await to.DeleteAsync(inputs.Key, now.Version ?? "null", ct);
    }

    public ValueTask DisposeAsync()
    {
        to.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<byte[]> ReadAsync(FileStream content, ObjectPart part, CancellationToken ct)
    {
        var bytes = new byte[part.Length];
        content.Position = part.From;
        await content.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}

[JsonSerializable(typeof(PutObjectInputs))]
[JsonSerializable(typeof(PutObjectState))]
internal sealed partial class PutObjectJson : JsonSerializerContext;
