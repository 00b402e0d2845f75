using System.Runtime.CompilerServices;
using System.Text;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Formats;

namespace Belay.Connectors.Files;

/// <summary>What a change of one file sees.</summary>
public sealed record FileState
{
    /// <summary>The file's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The file; null when there is none.</summary>
    public FileImage? File { get; init; }
}

/// <summary>A change of one file's content: what it shall be is a pure function of what it is.</summary>
internal abstract class ContentChange(string path, bool show, UnixFileMode? mode) : IChange<FileState>
{
    public Repeat Repeat => Repeat.Safe;

    public ValueTask<FileState> ObserveAsync(CancellationToken ct) =>
        ValueTask.FromResult(new FileState { Path = path, File = LocalFile.Read(path) });

    public Difference Plan(FileState observed)
    {
        var current = observed.File;
        var wanted = Wanted(ContentOf(current));
        var wantedMode = mode is { } m ? FileImage.ModeText(m) : current?.Mode;
        return current is not null && current.Sha256 == FileImage.Hash(wanted) && current.Mode == wantedMode
            ? Difference.None
            : Difference.Of(
                current is { Content: null } ? Reversal.Never : Reversal.Exact,
                show ? ContentDifference.Lines(path, ContentOf(current) ?? [], wanted) : [Summary(current, wanted)]
            );
    }

    public bool Same(FileState a, FileState b) => a.File?.Sha256 == b.File?.Sha256 && a.File?.Mode == b.File?.Mode;

    public async IAsyncEnumerable<Progress> ApplyAsync(FileState before, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return Progress.Say($"writing {path}");
        var current = LocalFile.Read(path);
        LocalFile.Write(path, Wanted(ContentOf(current)), mode);
        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        FileState before,
        FileState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"bringing back {path}");
        var now = LocalFile.Read(path);
        RefuseForeignChange(before.File, now);
        // A refused apply changed nothing, and what refused it (a missing folder, a full disk) would refuse a write here too.
        if (Same(before, new FileState { Path = path, File = now }))
            LocalFile.DeleteAside(path);
        else if (before.File is { } image)
            LocalFile.Write(path, image.Read(), FileImage.ModeOf(image.Mode));
        else
            LocalFile.Delete(path);
        await Task.CompletedTask;
    }

    /// <summary>The content that the file shall have. Pure.</summary>
    /// <param name="current">Its content now; null when there is no file.</param>
    /// <exception cref="OperationException">Refused: it cannot be made of this content.</exception>
    protected abstract byte[] Wanted(byte[]? current);

    /// <summary>A content as a text that can be edited in place.</summary>
    /// <exception cref="OperationException">Refused: it is no UTF-8.</exception>
    protected static TextFile TextOf(byte[] content, string path)
    {
        try
        {
            return TextFile.Read(content);
        }
        catch (ValueFormatException e)
        {
            throw OperationException.Refused($"{path} {e.Message}", e);
        }
    }

    private byte[]? ContentOf(FileImage? image) =>
        image is { Content: null }
            ? throw OperationException.Refused(
                $"{path} has {image.Bytes} bytes: only files up to {LocalFile.LongestImage} bytes are changed in place"
            )
            : image?.Read();

    private DifferenceLine Summary(FileImage? current, byte[] wanted) =>
        new(
            $"file {path}",
            current?.Words(),
            $"{wanted.Length} bytes, sha256 {FileImage.Hash(wanted)[..12]}"
                + (mode is { } m ? $", mode {FileImage.ModeText(m)}" : "")
        );

    // Undo knows two contents: the one before and the one that it wrote. A third one is somebody else's work.
    private void RefuseForeignChange(FileImage? before, FileImage? now)
    {
        if (now is null || now.Sha256 == before?.Sha256 || now.Sha256 == FileImage.Hash(Wanted(ContentOf(before))))
            return;
        throw OperationException.Refused(
            $"{path} was changed by somebody else since this step: keep what is needed of it, put the old content back by hand, then go on"
        );
    }
}
