using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Formats;

namespace Belay.Connectors.Files;

/// <summary>Inputs of <c>files.append-block</c>.</summary>
public sealed record AppendBlockInputs
{
    /// <summary>The file; made when there is none.</summary>
    public required string Path { get; init; }

    /// <summary>The block's name: it stands in the comment lines around it and makes it unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The lines of the block; may hold secrets.</summary>
    public required Secret Text { get; init; }

    /// <summary>What begins a comment in the file. Default <c>#</c>.</summary>
    public string Comment { get; init; } = "#";

    /// <summary>Keys that make the block needless when the file has all of them already. Default: the names before <c>=</c> in the lines of the block.</summary>
    public ImmutableArray<string>? Keys { get; init; }

    /// <summary>Whether differences show the content. Default false: files may hold secrets.</summary>
    public bool Show { get; init; }
}

/// <summary><c>files.append-block</c>: appends marked lines to a file, once.</summary>
internal sealed class AppendBlock(AppendBlockInputs inputs, IScope scope)
    : ContentChange(scope.PathOf(inputs.Path), inputs.Show, mode: null)
{
    private string Begin => $"{inputs.Comment} begin {inputs.Name}";

    private string End => $"{inputs.Comment} end {inputs.Name}";

    /// <summary>The operation.</summary>
    public static ChangeDefinition Definition { get; } =
        Define.Change<AppendBlockInputs, FileState>(
            "files.append-block",
            "Appends marked lines to a file, once",
            options => new AppendBlockJson(options),
            Reversal.Exact,
            inputs => [new Touch(FileInputs.Resource(inputs.Path), TouchKind.Modify)],
            (inputs, scope) => new AppendBlock(inputs, scope),
            validate: Problems
        );

    protected override byte[] Wanted(byte[]? current)
    {
        var content = TextOf(current ?? [], inputs.Path);
        var text = content.Text;
        var begin = LineAt(text, Begin);
        if (begin >= 0)
            return content.With(Replaced(text, begin, content.NewLine));
        if (IsThereAlready(text))
            return current ?? [];
        var separator = text.Length == 0 || text.EndsWith('\n') ? "" : content.NewLine;
        return content.With(text + separator + Block(content.NewLine));
    }

    private string Block(string newLine) =>
        string.Concat(new[] { Begin }.Concat(Lines(inputs.Text.Reveal())).Append(End).Select(line => line + newLine));

    private string Replaced(string text, int begin, string newLine)
    {
        var end = LineAt(text, End, begin);
        if (end < 0)
            throw OperationException.Refused(
                $"{inputs.Path} has the line \"{Begin}\" and no \"{End}\" after it: mend the file by hand"
            );
        var after = text.IndexOf('\n', end);
        return text[..begin] + Block(newLine) + (after < 0 ? "" : text[(after + 1)..]);
    }

    private bool IsThereAlready(string text)
    {
        var keys = inputs.Keys ?? [.. EnvText.Read(inputs.Text.Reveal()).Select(v => v.Name)];
        var present = EnvText.Read(text).Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var (there, missing) = (
            keys.Where(present.Contains).ToArray(),
            keys.Where(k => !present.Contains(k)).ToArray()
        );
        if (there.Length > 0 && missing.Length > 0)
            throw OperationException.Refused(
                $"{inputs.Path} has {string.Join(", ", there)} already, and not {string.Join(", ", missing)}: add the missing ones with files.set, or remove the others"
            );
        return there.Length > 0;
    }

    private static int LineAt(string text, string line, int from = 0)
    {
        for (var at = from; at < text.Length; at = text.IndexOf('\n', at) is var next and >= 0 ? next + 1 : text.Length)
        {
            var end = text.IndexOf('\n', at);
            if (text.AsSpan(at, (end < 0 ? text.Length : end) - at).TrimEnd().SequenceEqual(line))
                return at;
        }
        return -1;
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static IEnumerable<InputProblem> Problems(AppendBlockInputs inputs)
    {
        foreach (var problem in FileInputs.Problems(inputs.Path))
            yield return problem;
        if (inputs.Name.Trim().Length == 0 || inputs.Name.Contains('\n', StringComparison.Ordinal))
            yield return new InputProblem("name", "must be one line that is not empty");
        if (inputs.Comment.Trim().Length == 0)
            yield return new InputProblem("comment", "is empty: say what begins a comment in this file, such as #");
    }
}

[JsonSerializable(typeof(AppendBlockInputs))]
[JsonSerializable(typeof(FileState))]
internal sealed partial class AppendBlockJson : JsonSerializerContext;
