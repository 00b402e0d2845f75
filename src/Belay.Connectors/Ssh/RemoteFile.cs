using System.Runtime.CompilerServices;
using System.Text;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Ssh;

/// <summary>Inputs of <c>ssh.file</c>.</summary>
public sealed record RemoteFileInputs
{
    /// <summary>The server.</summary>
    [Connection("ssh")]
    public required string Connection { get; init; }

    /// <summary>The file there (absolute path). Its folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>A file here that has the content. One of <c>source</c>, <c>content</c> and <c>absent</c>.</summary>
    [FileInput]
    public string? Source { get; init; }

    /// <summary>The content. May hold secrets.</summary>
    public Secret? Content { get; init; }

    /// <summary>Whether the file must not be there: the health file of a member that shall get no traffic.</summary>
    public bool Absent { get; init; }

    /// <summary>Its permission bits, octal. Default: as the old file, 0644 for a new one.</summary>
    public string? Mode { get; init; }

    /// <summary>How long the server may take. Default 1 minute.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>What <c>ssh.file</c> sees.</summary>
public sealed record RemoteFileState
{
    /// <summary>The file; null when there is none.</summary>
    public FileImage? File { get; init; }
}

/// <summary><c>ssh.file</c>: gives a file on a server a content, or removes it; the way back puts back what was there.</summary>
internal sealed class RemoteFile(RemoteFileInputs inputs, IScope scope) : IChange<RemoteFileState>
{
    // What cannot be kept cannot be put back; and the runner captures no more.
    private const int LongestFile = 512 * 1024;

    // "none", or the mode and the content. -- : a path may begin with a dash.
    private const string Read = """
        if [ ! -e "$1" ] && [ ! -L "$1" ]; then echo none; exit 0; fi
        if [ ! -f "$1" ] || [ -L "$1" ]; then echo "$1 is no plain file" >&2; exit 3; fi
        if [ "$(stat -c %s -- "$1")" -gt "$2" ]; then echo "$1 has more than $2 bytes" >&2; exit 3; fi
        stat -c %a -- "$1" && base64 -w 0 -- "$1"
        """;

    // Written aside, flushed and renamed: seen as a whole or not at all. Owner and mode of an old file stay.
    private const string Write = """
        set -e
        aside="$(dirname -- "$1")/.$(basename -- "$1").belay-new"
        umask 077
        base64 -d >"$aside"
        if [ -e "$1" ]; then chown --reference="$1" -- "$aside"; chmod --reference="$1" -- "$aside"; else chmod 0644 -- "$aside"; fi
        if [ -n "$2" ]; then chmod "$2" -- "$aside"; fi
        sync -- "$aside"
        mv -f -- "$aside" "$1"
        """;

    private const string Remove = """
        rm -f -- "$1" "$(dirname -- "$1")/.$(basename -- "$1").belay-new"
        """;

    private readonly SshServer server = new(inputs.Connection, scope);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<RemoteFileInputs, RemoteFileState>(
            "ssh.file",
            "Gives a file on a server a content, or removes it",
            options => new SshJson(options),
            Reversal.Exact,
            inputs => [new Touch($"ssh:{inputs.Connection}{inputs.Path}", TouchKind.Modify)],
            (inputs, scope) => new RemoteFile(inputs, scope),
            validate: Problems
        );

    public Repeat Repeat => Repeat.Safe;

    public async ValueTask<RemoteFileState> ObserveAsync(CancellationToken ct)
    {
        var said = await server.RunAsync(Read, [inputs.Path, $"{LongestFile}"], null, inputs.Limit, ct);
        if (said.Trim() == "none")
            return new RemoteFileState();
        var lines = said.Split('\n');
        return lines is [var mode, var content, ..] && FileImage.ModeOf(mode.PadLeft(3, '0')) is { } bits
            ? new RemoteFileState { File = FileImage.Of(Convert.FromBase64String(content), bits) }
            : throw OperationException.Refused(
                $"{server.Place}: {inputs.Path} was read in a form that is not understood"
            );
    }

    public Difference Plan(RemoteFileState observed)
    {
        var what = $"file {server.Place}:{inputs.Path}";
        if (inputs.Absent)
            return observed.File is null
                ? Difference.None
                : Difference.Of(Reversal.Exact, new DifferenceLine(what, observed.File.Words()));
        var wanted = Wanted();
        return
            observed.File is { } file
            && file.Sha256 == FileImage.Hash(wanted)
            && (inputs.Mode is not { } mode || FileImage.ModeOf(mode) == FileImage.ModeOf(file.Mode))
            ? Difference.None
            : Difference.Of(
                Reversal.Exact,
                new DifferenceLine(
                    what,
                    observed.File?.Words(),
                    $"{wanted.Length} bytes, sha256 {FileImage.Hash(wanted)[..12]}{(inputs.Mode is { } bits ? $", mode {bits}" : "")}"
                )
            );
    }

    public bool Same(RemoteFileState a, RemoteFileState b) =>
        a.File?.Sha256 == b.File?.Sha256 && a.File?.Mode == b.File?.Mode;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        RemoteFileState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"{(inputs.Absent ? "removing" : "writing")} {server.Place}:{inputs.Path}");
        if (inputs.Absent)
            await RemoveAsync(ct);
        else
            await WriteAsync(Wanted(), inputs.Mode, ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        RemoteFileState before,
        RemoteFileState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"bringing back {server.Place}:{inputs.Path}");
        if (before.File is { } image)
            await WriteAsync(image.Read()!, image.Mode, ct);
        else
            await RemoveAsync(ct);
    }

    private Task<string> WriteAsync(byte[] content, string? mode, CancellationToken ct) =>
        server.RunAsync(Write, [inputs.Path, mode ?? ""], Convert.ToBase64String(content), inputs.Limit, ct);

    private Task<string> RemoveAsync(CancellationToken ct) =>
        server.RunAsync(Remove, [inputs.Path], null, inputs.Limit, ct);

    private byte[] Wanted()
    {
        var content = inputs.Content is { } text
            ? Encoding.UTF8.GetBytes(text.Reveal())
            : LocalFile.ReadExisting(scope.PathOf(inputs.Source!));
        return content.Length <= LongestFile
            ? content
            : throw OperationException.Refused($"{inputs.Source ?? "the content"} has more than {LongestFile} bytes");
    }

    private static IEnumerable<InputProblem> Problems(RemoteFileInputs inputs)
    {
        foreach (var problem in FileInputs.Problems(inputs.Path, inputs.Mode))
            yield return problem;
        if (!inputs.Path.StartsWith('/'))
            yield return new InputProblem(
                "path",
                $"{inputs.Path} is not absolute: on a server there is no folder of the plan"
            );
        if ((inputs.Source is null ? 0 : 1) + (inputs.Content is null ? 0 : 1) + (inputs.Absent ? 1 : 0) != 1)
            yield return new InputProblem("source", "exactly one of 'source', 'content' and 'absent' is expected");
    }
}
