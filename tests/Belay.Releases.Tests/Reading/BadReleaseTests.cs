using Belay.Releases.Reading;

namespace Belay.Releases.Tests.Reading;

/// <summary>Folders that are no release, and files that nobody can read.</summary>
public sealed class BadReleaseTests : IDisposable
{
    private readonly ReleaseFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_that_is_no_release_is_refused()
    {
        folder.With("photo.jpg", "x").With("notes.md", "# Notes\n");

        Assert.Contains("is no release", Refused(folder.Path).Message, StringComparison.Ordinal);
        Assert.Contains("there is no such folder", Refused(folder.PathOf("gone")).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Refused(folder.PathOf("photo.jpg")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("values.yaml", "a: [1\n", 2)]
    [InlineData("main.tf", "variable \"a\" {\n  type = string\n", 3)]
    [InlineData("config.json", "{\n  \"a\": ]\n}", 2)]
    [InlineData("1_a.sql", "SELECT 'open", 1)]
    public void Broken_files_are_refused_with_their_place(string name, string text, int line)
    {
        folder.With(name, text);

        var problem = Refused(folder.Path);

        Assert.Equal((name, line), (problem.File, problem.Line));
        Assert.StartsWith("is no ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deep.yaml", "[", 100_000)]
    [InlineData("deep.tf", "a = { b = ", 20_000)]
    [InlineData("deep.tfvars", "a = { b = ", 20_000)]
    public void Files_that_are_nested_without_end_are_refused(string name, string part, int times)
    {
        folder.With(name, string.Concat(Enumerable.Repeat(part, times)));

        Assert.Equal(name, Refused(folder.Path).File);
    }

    [Fact]
    public void What_is_too_large_leads_in_a_circle_or_holds_secrets_is_left_out_and_told()
    {
        folder
            .With("values.yaml", "a: 1\n")
            .With("terraform.tfstate.json", "{ \"lineage\": \"x\", \"terraform_version\": \"1\" }")
            .With("templates/all.yaml", "a: {{ .Values.a }}\n  b: x\n");
        using (var large = File.Create(folder.PathOf("large.yaml")))
            large.SetLength(100 * 1024 * 1024);
        File.CreateSymbolicLink(folder.PathOf("loop.yaml"), "loop.yaml");
        Directory.CreateSymbolicLink(folder.PathOf("up"), "..");

        var notices = ReleaseReader
            .Read(folder.Path)
            .Notices.ToDictionary(notice => notice.File, notice => notice.Message);

        Assert.Equal("left out: is larger than 4 MB", notices["large.yaml"]);
        Assert.Contains("lead in a circle", notices["loop.yaml"], StringComparison.Ordinal);
        Assert.Contains("a link to a folder is not followed", notices["up"], StringComparison.Ordinal);
        Assert.Contains("a state file", notices["terraform.tfstate.json"], StringComparison.Ordinal);
        Assert.Contains("a template", notices["templates/all.yaml"], StringComparison.Ordinal);
    }

    private static ReleaseProblem Refused(string path) =>
        Assert.Single(Assert.Throws<ReleaseProblemException>(() => ReleaseReader.Read(path)).Problems);
}
