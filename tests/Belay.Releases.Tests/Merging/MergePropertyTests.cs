using Belay.Releases.Merging;
using Belay.Releases.Reading;
using FsCheck;
using FsCheck.Fluent;

namespace Belay.Releases.Tests.Merging;

/// <summary>What holds for every merge.</summary>
public sealed class MergePropertyTests
{
    public static TheoryData<TemplateFormat> Formats => [.. Enum.GetValues<TemplateFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_text_is_what_its_parts_are(TemplateFormat format) =>
        Holds(format, (old, _, _) => Assert.Equal(old, format.Read(old).Text));

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_change_of_the_operator_gives_the_new_template_byte_by_byte(TemplateFormat format) =>
        Holds(format, (old, _, theirs) => Assert.Equal(theirs, Merged(format, old, old, theirs).Text));

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_change_of_the_template_gives_the_operators_file_byte_by_byte(TemplateFormat format) =>
        Holds(format, (old, mine, _) => Assert.Equal(mine, Merged(format, old, mine, old).Text));

    [Theory]
    [MemberData(nameof(Formats))]
    public void No_key_of_either_is_lost_silently(TemplateFormat format) =>
        Holds(
            format,
            (old, mine, theirs) =>
            {
                var merged = Merged(format, old, mine, theirs);
                var there = Keys(format, merged.Text);
                string[] told =
                [
                    .. merged
                        .Notes.Where(note =>
                            note.Kind is NoteKind.Removed or NoteKind.LeftOut or NoteKind.Updated or NoteKind.Kept
                        )
                        .Select(note => note.Key),
                    .. merged.Conflicts.Select(conflict => conflict.Key),
                ];
                var lost = Keys(format, mine)
                    .Union(Keys(format, theirs))
                    .Except(there)
                    .Where(key =>
                        !Array.Exists(
                            told,
                            t =>
                                key == t
                                || IsOneList(key, t)
                                || key.StartsWith(t + ".", StringComparison.Ordinal)
                                || key.StartsWith(t + "[", StringComparison.Ordinal)
                        )
                    );
                Assert.Empty(lost);
            }
        );

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_second_run_changes_nothing(TemplateFormat format) =>
        Holds(
            format,
            (old, mine, theirs) =>
            {
                foreach (var take in Enum.GetValues<Take>())
                {
                    var decisions = Merged(format, old, mine, theirs)
                        .Conflicts.Select(c => new Decision
                        {
                            Key = c.Key,
                            Take = c.IsList || take != Take.Both ? take : Take.New,
                        })
                        .ToArray();
                    var first = Merged(format, old, mine, theirs, decisions);
                    Assert.Empty(first.Open);
                    var second = Merged(format, old, first.Text, theirs, decisions);
                    Assert.Equal(first.Text, second.Text);
                    Assert.Empty(second.Open);
                }
            }
        );

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_key_that_only_the_new_template_has_is_in_the_result(TemplateFormat format) =>
        Holds(
            format,
            (old, mine, theirs) =>
            {
                var merged = Merged(format, old, mine, theirs);
                var fresh = Tops(format, theirs).Except(Tops(format, old)).Except(Tops(format, mine));
                Assert.Empty(fresh.Except(Tops(format, merged.Text)));
            }
        );

    private static void Holds(TemplateFormat format, Action<string, string, string> holds) =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var isFlat = format is TemplateFormat.Env or TemplateFormat.Properties;
                    var random = new Random(seed);
                    var templates = new RandomTemplates(random);
                    var old = templates.Template(isFlat);
                    var mine = templates.Changed(old, isFlat, random.Next(5));
                    var theirs = templates.Changed(old, isFlat, random.Next(5));
                    holds(Written(format, old), Written(format, mine), Written(format, theirs));
                }
            )
            .QuickCheckThrowOnFailure();

    private static string Written(TemplateFormat format, RandomTemplates.Value.Map map) =>
        format switch
        {
            TemplateFormat.Yaml => RandomTemplates.Yaml(map),
            TemplateFormat.Json => RandomTemplates.Json(map),
            TemplateFormat.Hcl => RandomTemplates.Hcl(map),
            _ => RandomTemplates.Lines(map),
        };

    // An element of a list without names is told by what it is, and its place moves.
    private static bool IsOneList(string key, string told) =>
        key.Contains('[') && told.StartsWith(key[..(key.IndexOf('[') + 1)], StringComparison.Ordinal);

    private static HashSet<string> Keys(TemplateFormat format, string text) =>
        Leaves.Of(format.Read(text), KeyPath.Root).Select(leaf => leaf.Key.ToString()).ToHashSet();

    private static HashSet<string> Tops(TemplateFormat format, string text) =>
        format.Read(text).Entries.Select(entry => entry.Id).ToHashSet();

    private static MergeResult Merged(
        TemplateFormat format,
        string old,
        string mine,
        string theirs,
        params Decision[] decisions
    ) =>
        TemplateMerge.Merge(
            new MergeInput
            {
                Old = new SourceFile("old", old),
                Mine = new SourceFile("mine", mine),
                New = new SourceFile("new", theirs),
                Format = format,
                Decisions = [.. decisions],
            }
        );
}
