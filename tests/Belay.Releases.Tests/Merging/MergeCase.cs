using System.Collections.Immutable;
using Belay.Releases.Merging;
using Belay.Releases.Reading;

namespace Belay.Releases.Tests.Merging;

/// <summary>One case: a folder of three files, what comes out, and what is asked. Its file <c>about.txt</c> says what it is about, and then, a line each, <c>conflict KEY</c>, <c>placeholder KEY</c>, <c>decide KEY SIDE</c>.</summary>
internal sealed record MergeCase
{
    public required string Name { get; init; }

    public required string Folder { get; init; }

    public required string About { get; init; }

    public required ImmutableArray<string[]> Orders { get; init; }

    public required string Extension { get; init; }

    public static string Root { get; } = Path.Combine(Repository.Root, "tests/Belay.Releases.Tests/cases");

    public static ImmutableArray<MergeCase> All { get; } =
    [.. Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal).Select(Read)];

    public IEnumerable<string> Conflicts => Orders.Where(o => o[0] == "conflict").Select(o => o[1]);

    public IEnumerable<string> Placeholders => Orders.Where(o => o[0] == "placeholder").Select(o => o[1]);

    public string PathOf(string side) => Path.Combine(Folder, side + Extension);

    public string Text(string side) => File.ReadAllText(PathOf(side));

    public MergeResult Merge() => Merge(Text("mine"));

    public MergeResult Merge(string mine) =>
        TemplateMerge.Merge(
            new MergeInput
            {
                Old = SourceFile.Read(PathOf("old")),
                Mine = new SourceFile(PathOf("mine"), mine),
                New = SourceFile.Read(PathOf("new")),
                Decisions =
                [
                    .. Orders
                        .Where(o => o[0] == "decide")
                        .Select(o => new Decision { Key = o[1], Take = Enum.Parse<Take>(o[2], ignoreCase: true) }),
                ],
            }
        );

    public override string ToString() => Name;

    private static MergeCase Read(string folder)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, "about.txt"));
        return new MergeCase
        {
            Name = Path.GetFileName(folder),
            Folder = folder,
            About = lines[0],
            Orders = [.. lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(' '))],
            Extension = Path.GetFileName(Directory.GetFiles(folder, "mine*").Single())["mine".Length..],
        };
    }
}
