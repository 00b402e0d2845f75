using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.Nginx;

/// <summary>Inputs of <c>nginx.configure</c>.</summary>
public sealed record ConfigureInputs : NginxPlace
{
    /// <summary>The file of the configuration that gets a new content: a site, an upstream, the main file itself.</summary>
    public required string File { get; init; }

    /// <summary>The file that has the new content. Either this or <c>content</c>.</summary>
    [FileInput]
    public string? Source { get; init; }

    /// <summary>The new content. May hold secrets. Either this or <c>source</c>.</summary>
    public Secret? Content { get; init; }

    /// <summary>Whether differences show the content. Default true; configurations that hold secrets say false.</summary>
    public bool Show { get; init; } = true;
}

/// <summary>What <c>nginx.configure</c> sees.</summary>
public sealed record ConfigureState
{
    /// <summary>The file; null when there is none.</summary>
    public FileImage? File { get; init; }

    /// <summary>The master process that serves.</summary>
    public required ProcessIdentity Master { get; init; }

    /// <summary>Whether it has loaded this content: this step told it to, and it runs since.</summary>
    public required bool Loaded { get; init; }
}

/// <summary>What the step notes once nginx works with a content.</summary>
internal sealed record LoadedNote(string Sha256, ProcessIdentity Master);

/// <summary><c>nginx.configure</c>: gives a file of the configuration a new content, lets nginx judge it, and loads it without losing a request.</summary>
internal sealed class Configure(ConfigureInputs inputs, IScope scope) : IChange<ConfigureState>
{
    private readonly NginxServer server = new(inputs, scope);
    private readonly string path = scope.PathOf(inputs.File);

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<ConfigureInputs, ConfigureState>(
            "nginx.configure",
            "Gives a file of nginx's configuration a new content, tests it, and loads it without losing a request",
            options => new NginxJson(options),
            Reversal.Exact,
            inputs =>
                [
                    new Touch(FileInputs.Resource(inputs.File), TouchKind.Modify),
                    new Touch($"nginx:{FileInputs.Resource(inputs.Main)["file:".Length..]}", TouchKind.Modify),
                ],
            (inputs, scope) => new Configure(inputs, scope),
            validate: inputs =>
                [
                    .. FileInputs.Problems(inputs.File, member: "file"),
                    .. (inputs.Source is null) == (inputs.Content is null)
                        ? [new InputProblem("source", "either 'source' or 'content' is expected")]
                        : Array.Empty<InputProblem>(),
                ]
        );

    public Repeat Repeat => Repeat.Safe;

    private string NoteFile => Path.Combine(scope.WorkingFolder, $"nginx-{scope.Token}.json");

    public ValueTask<ConfigureState> ObserveAsync(CancellationToken ct)
    {
        var (file, master) = (LocalFile.Read(path), server.FindMaster());
        return ValueTask.FromResult(
            new ConfigureState
            {
                File = file,
                Master = master,
                Loaded = Note() is { } note && note == new LoadedNote(file?.Sha256 ?? "", master),
            }
        );
    }

    public Difference Plan(ConfigureState observed)
    {
        var wanted = Wanted();
        var lines = new List<DifferenceLine>();
        if (observed.File?.Sha256 != FileImage.Hash(wanted))
            lines.AddRange(
                inputs.Show && observed.File is not { Content: null }
                    ? ContentDifference.Lines(path, observed.File?.Read() ?? [], wanted)
                    :
                    [
                        new DifferenceLine(
                            $"file {path}",
                            observed.File?.Words(),
                            $"sha256 {FileImage.Hash(wanted)[..12]}"
                        ),
                    ]
            );
        // Whether nginx works with a file that somebody else wrote cannot be read from it; loading it again is harmless.
        if (lines.Count > 0 || !observed.Loaded)
            lines.Add(new DifferenceLine("nginx", null, "tests its configuration and loads it"));
        return lines.Count == 0
            ? Difference.None
            : Difference.Of(observed.File is { Content: null } ? Reversal.Never : Reversal.Exact, lines);
    }

    public bool Same(ConfigureState a, ConfigureState b) => a.File?.Sha256 == b.File?.Sha256;

    public async IAsyncEnumerable<Progress> ApplyAsync(
        ConfigureState before,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"writing {path}");
        LocalFile.Write(path, Wanted(), mode: null);
        if (await server.ProblemAsync(ct) is { } problem)
        {
            Bring(before.File);
            throw OperationException.Refused(
                $"nginx refuses the new {path}, and has gone on with the old one: {problem}"
            );
        }
        yield return Progress.Say("nginx loads its configuration");
        await LoadAsync(ct);
    }

    public async IAsyncEnumerable<Progress> UndoAsync(
        ConfigureState before,
        ConfigureState? after,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        yield return Progress.Say($"bringing back {path}");
        Bring(before.File);
        if (await server.ProblemAsync(ct) is { } problem)
            throw OperationException.Refused(
                $"nginx refuses its configuration with the old {path} too, and goes on with what it has: {problem}"
            );
        await LoadAsync(ct);
    }

    private async Task LoadAsync(CancellationToken ct)
    {
        var master = server.FindMaster();
        await server.ReloadAsync(master, ct);
        var note = new LoadedNote(LocalFile.Read(path)?.Sha256 ?? "", master);
        LocalFile.Write(NoteFile, JsonSerializer.SerializeToUtf8Bytes(note, NginxJson.Default.LoadedNote), mode: null);
    }

    private void Bring(FileImage? image)
    {
        if (image is null)
            LocalFile.Delete(path);
        else
            LocalFile.Write(path, image.Read(), FileImage.ModeOf(image.Mode));
    }

    private LoadedNote? Note() =>
        File.Exists(NoteFile)
            ? JsonSerializer.Deserialize(LocalFile.ReadExisting(NoteFile), NginxJson.Default.LoadedNote)
            : null;

    private byte[] Wanted() =>
        inputs.Content is { } content
            ? Encoding.UTF8.GetBytes(content.Reveal())
            : LocalFile.ReadExisting(scope.PathOf(inputs.Source!));
}
