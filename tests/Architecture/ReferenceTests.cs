using System.Xml.Linq;

namespace Architecture;

/// <summary>Who may see whom.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Belay.Domain"] = [],
        ["Belay.Engine"] = ["Belay.Domain"],
        ["Belay.Planning"] = ["Belay.Domain"],
        ["Belay.Rehearsal"] = ["Belay.Domain", "Belay.Engine"],
        ["Belay.Stores"] = ["Belay.Domain", "Belay.Engine"],
        ["Belay.Formats"] = [],
        ["Belay.Connectors"] = ["Belay.Domain", "Belay.Formats"],
        ["Belay.Releases"] = ["Belay.Domain", "Belay.Formats"],
        ["Belay.Views"] = ["Belay.Domain"],
    };

    /// <summary>The program puts the parts together; nobody sees it.</summary>
    private const string Program = "Belay.Cli";

    [Fact]
    public void A_project_sees_only_what_it_may_see()
    {
        var wrong =
            from project in Projects()
            where project.Name != Program
            from seen in project.Sees
            where !Allowed.GetValueOrDefault(project.Name, []).Contains(seen)
            select $"{project.Name} sees {seen}";

        Rule.Holds(wrong);
    }

    [Fact]
    public void Every_project_has_its_rule() =>
        Assert.Equal(Allowed.Keys.Append(Program).Order(), Projects().Select(p => p.Name).Order());

    [Fact]
    public void The_domain_and_the_engine_need_no_packages() =>
        Rule.Holds(Projects().Where(p => p.Name is "Belay.Domain" or "Belay.Engine").SelectMany(p => p.Packages));

    [Fact]
    public void Stores_see_the_ports_of_the_engine_and_nothing_else_of_it() =>
        Rule.Holds(
            Repository
                .Sources("src/Belay.Stores")
                .SelectMany(path => Repository.Read(path).Split('\n').Select(line => (path, line)))
                .Where(l =>
                    l.line.StartsWith("using Belay.Engine", StringComparison.Ordinal)
                    && l.line.TrimEnd() != "using Belay.Engine.Ports;"
                )
                .Select(l => $"{l.path}: {l.line}")
        );

    private static IEnumerable<(string Name, string[] Sees, string[] Packages)> Projects() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path =>
            {
                var project = XDocument.Load(path);
                return (
                    Path.GetFileNameWithoutExtension(path),
                    Includes(project, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p)).ToArray(),
                    Includes(project, "PackageReference").ToArray()
                );
            });

    private static IEnumerable<string> Includes(XDocument project, string element) =>
        project
            .Descendants(element)
            // What the compiler loads is no part of the program.
            .Where(reference => reference.Attribute("OutputItemType")?.Value != "Analyzer")
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));
}
