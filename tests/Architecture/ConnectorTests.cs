using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>A connector is one folder.</summary>
public sealed partial class ConnectorTests
{
    private const string Root = "src/Belay.Connectors";

    /// <summary>Child processes, files of the machine that Belay runs on, the network: for all connectors.</summary>
    private static readonly string[] Shared = ["Commands", "LocalFiles", "Network"];

    private static IEnumerable<string> Folders() =>
        Directory
            .EnumerateDirectories(Path.Combine(Repository.Root, Root))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name =>
                name is not ("obj" or "bin") && !Shared.Contains(name) && Repository.Sources($"{Root}/{name}").Any()
            );

    [Fact]
    public void A_connector_uses_no_other_connector()
    {
        var folders = Folders().ToArray();
        var wrong =
            from folder in folders
            from path in Repository.Sources($"{Root}/{folder}")
            from Match match in ConnectorNamespace().Matches(Repository.Read(path))
            let used = match.Groups["folder"].Value
            where used != folder && folders.Contains(used)
            select $"{path} uses {used}";

        Rule.Holds(wrong);
    }

    [Fact]
    public void A_connector_keeps_to_the_namespace_of_its_folder() =>
        Rule.Holds(
            from folder in Folders()
            from path in Repository.Sources($"{Root}/{folder}")
            where !Repository.Read(path).Contains($"namespace Belay.Connectors.{folder}", StringComparison.Ordinal)
            select path
        );

    [Fact]
    public void A_connector_has_a_readme() =>
        Rule.Holds(Folders().Where(f => !File.Exists(Path.Combine(Repository.Root, Root, f, "README.md"))));

    [Fact]
    public void An_operation_is_named_after_its_connector_and_what_it_does() =>
        Rule.Holds(
            from operation in Operations()
            where
                !Name().IsMatch(operation.Name)
                || !operation.Name.StartsWith(operation.Folder.ToLowerInvariant() + ".", StringComparison.Ordinal)
            select $"{operation.Path}: {operation.Name}"
        );

    [Fact]
    public void A_file_defines_one_operation() =>
        Rule.Holds(Operations().GroupBy(o => o.Path).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Children_are_started_by_the_command_runner_alone() =>
        Rule.Holds(
            Repository
                .Sources()
                .Where(path =>
                    !path.StartsWith($"{Root}/Commands/", StringComparison.Ordinal)
                    && Repository.Read(path).Contains("ProcessStartInfo", StringComparison.Ordinal)
                )
        );

    private static IEnumerable<(string Folder, string Path, string Name)> Operations() =>
        from folder in Folders()
        from path in Repository.Sources($"{Root}/{folder}")
        from Match match in Definition().Matches(Repository.Read(path))
        select (folder, path, match.Groups["name"].Value);

    [GeneratedRegex(
        @"\bBelay\.Connectors\.(?<folder>\w+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex ConnectorNamespace();

    [GeneratedRegex(
        @"Define\s*\.\s*(?:Change|Backup|Check)<[^(]*\(\s*""(?<name>[^""]+)""",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Definition();

    [GeneratedRegex(
        @"^[a-z][a-z0-9]*\.[a-z]+(?:-[a-z]+)*$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Name();
}
