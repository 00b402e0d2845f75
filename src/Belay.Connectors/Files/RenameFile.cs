using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.rename</c>.</summary>
public sealed record RenameFileInputs
{
    /// <summary>The file's name now, such as <c>sites/shop.conf.disabled</c>.</summary>
    public required string From { get; init; }

    /// <summary>Its name afterwards, on the same file system. Must be free.</summary>
    public required string To { get; init; }
}

/// <summary>What <c>files.rename</c> sees: which of the two names exists.</summary>
public sealed record RenameFileState
{
    /// <summary>SHA-256 of the file under the old name; null when there is none.</summary>
    public string? From { get; init; }

    /// <summary>SHA-256 of the file under the new name; null when there is none.</summary>
    public string? To { get; init; }
}

/// <summary><c>files.rename</c>: gives a file another name, which activates or deactivates it.</summary>
internal sealed class RenameFile(RenameFileInputs inputs, IScope scope) : IChange<RenameFileState>
{
    private readonly string from = scope.PathOf(inputs.From);
    private readonly string to = scope.PathOf(inputs.To);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<RenameFileInputs, RenameFileState>(
            "files.rename",
            "Gives a file another name, which activates or deactivates it",
            options => new RenameFileJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(FileInputs.Resource(inputs.From), TouchKind.Rename),
                    new Touch(FileInputs.Resource(inputs.To), TouchKind.Create),
                ],
            (inputs, scope) => new RenameFile(inputs, scope),
            validate: inputs =>
                [.. FileInputs.Problems(inputs.From, member: "from"), .. FileInputs.Problems(inputs.To, member: "to")]
        );

    public Repeat Repeat => Repeat.Safe;

    public ValueTask<RenameFileState> ObserveAsync(CancellationToken ct) =>
        ValueTask.FromResult(
            new RenameFileState { From = LocalFile.Read(from)?.Sha256, To = LocalFile.Read(to)?.Sha256 }
        );

    public Difference Plan(RenameFileState observed) =>
        observed is { From: null, To: not null }
            ? Difference.None
            : Difference.Of(Reversal.Exact, new DifferenceLine("name", from, to));

    public bool Same(RenameFileState a, RenameFileState b) => a == b;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        RenameFileState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"renaming {from} to {to}");
        Move(from, to);
        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        RenameFileState before,
        RenameFileState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"renaming {to} back to {from}");
        // A refused apply moved nothing: there may be both files, or none.
        if (!Same(before, await ObserveAsync(ct)))
            Move(to, from);
    }

    // Repeated after a crash the work may be done already; two files of both names are never merged.
    private static void Move(string source, string target)
    {
        if (!File.Exists(source))
        {
            if (File.Exists(target))
                return;
            throw OperationException.Refused($"there is neither {source} nor {target}");
        }
        if (File.Exists(target))
            throw OperationException.Refused($"{source} and {target} both exist: remove the one that is not needed");
        LocalFile.Rename(source, target);
    }
}

[JsonSerializable(typeof(RenameFileInputs))]
[JsonSerializable(typeof(RenameFileState))]
internal sealed partial class RenameFileJson : JsonSerializerContext;
