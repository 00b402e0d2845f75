using System.Collections.Immutable;
using Belay.Domain.Compatibility;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Compatibility;
using Belay.Planning.Environments;
using Belay.Planning.Items;
using Belay.Planning.Scopes;
using Belay.Planning.Yaml;

namespace Belay.Planning;

/// <summary>Reads a plan with its environment, and everything that both name, into the plan tree.</summary>
public sealed class PlanLoader
{
    private const string EnvironmentsFolder = "environments";

    private readonly Problems problems = new();
    private readonly Catalog catalog;
    private readonly string path;
    private readonly string shown;
    private readonly Func<string, string?> variables;
    private readonly UsedFiles files;

    private PlanLoader(string path, Catalog catalog, Func<string, string?> variables)
    {
        shown = path;
        this.path = Path.GetFullPath(path);
        this.catalog = catalog;
        this.variables = variables;
        files = new UsedFiles(Path.GetDirectoryName(this.path)!);
    }

    /// <summary>Reads a plan. Nothing is asked of the live systems, and no secret is read.</summary>
    /// <param name="path">The plan file; diagnostics name it as it is written here.</param>
    /// <param name="environment">The environment's name: the file <c>environments/NAME.yaml</c> beside the plan. <c>default</c> needs no file.</param>
    /// <param name="inputs">The values of the plan's inputs.</param>
    /// <param name="catalog">The operations that there are.</param>
    /// <param name="variables">Reads the environment variables that hold secrets, later; null: those of the process.</param>
    public static LoadResult Load(
        string path,
        string environment,
        IReadOnlyDictionary<string, string> inputs,
        Catalog catalog,
        Func<string, string?>? variables = null
    ) => new PlanLoader(path, catalog, variables ?? Environment.GetEnvironmentVariable).Load(environment, inputs);

    /// <summary>Reads the environment of a plan alone: what going back needs, whatever became of the plan's file.</summary>
    /// <inheritdoc cref="Load(string, string, IReadOnlyDictionary{string, string}, Catalog, Func{string, string?}?)"/>
    public static EnvironmentResult LoadEnvironment(
        string path,
        string environment,
        Catalog catalog,
        Func<string, string?>? variables = null
    )
    {
        var loader = new PlanLoader(path, catalog, variables ?? Environment.GetEnvironmentVariable);
        return loader.ReadEnvironment(environment) is { } read && !loader.problems.Any
            ? new EnvironmentResult.Loaded(read)
            : new EnvironmentResult.Refused(loader.problems.Sorted());
    }

    /// <summary>Reads one environment's file, wherever it lies: its people and their keys can be asked without any plan.</summary>
    /// <param name="file">The file. Relative paths in it begin at its folder, or at the one above when its own is <c>environments</c>.</param>
    /// <param name="catalog">The operations that there are.</param>
    public static EnvironmentResult LoadEnvironmentFile(string file, Catalog catalog)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var planFolder = Path.GetFileName(folder) == EnvironmentsFolder ? Path.GetDirectoryName(folder)! : folder;
        var loader = new PlanLoader(Path.Combine(planFolder, "plan"), catalog, Environment.GetEnvironmentVariable);
        return
            loader.ReadEnvironment(Path.GetFileNameWithoutExtension(file), file, file) is { } read
            && !loader.problems.Any
            ? new EnvironmentResult.Loaded(read)
            : new EnvironmentResult.Refused(loader.problems.Sorted());
    }

    private LoadResult Load(string environmentName, IReadOnlyDictionary<string, string> inputs)
    {
        var plan = ReadTree(path, shown);
        var environment = ReadEnvironment(environmentName);
        if (plan is null || PlanHeader.AsMap(plan, problems) is not { } map || environment is null)
            return new LoadResult.Refused(problems.Sorted());
        var tree = ReadPlan(map, environment, inputs);
        return problems.Any ? new LoadResult.Refused(problems.Sorted()) : new LoadResult.Loaded(tree, environment);
    }

    private Plan ReadPlan(MapNode map, EnvironmentFile environment, IReadOnlyDictionary<string, string> given)
    {
        var session = new Session(problems, catalog, environment, files);
        var scope = new FileScope
        {
            Files = [path],
            Prefix = "",
            Inputs = ImmutableDictionary<string, Node>.Empty,
        };
        var header = session.Fields(map, scope);
        PlanHeader.ReadVersion(header, problems);
        scope = scope with { Inputs = new DeclaredInputs(session, header, scope).FromPerson(given) };
        var fields = session.Fields(map, scope);
        var (from, to) = ReadReleases(fields);
        session.Texts.Releases = (from, to);
        session.Compatibility = ReadCompatibility(fields);
        var reader = new ItemReader(session);
        var plan = new Plan
        {
            Upgrade = fields.RequiredText("upgrade", "the name of what is upgraded") ?? "?",
            From = from,
            To = to,
            Releases = ReleaseReader.Read(fields.Map("releases"), session, scope),
            Compatibility = session.Compatibility,
            Environment = environment.Name,
            Watches = reader.ReadWatches(fields.Map("watch"), scope),
            Steps = reader.ReadAll(ItemReader.RequiredSteps(fields), parent: null, scope),
        };
        (_, _) = (fields.Raw("belay"), fields.Raw("inputs"));
        fields.End();
        session.Steps.Check();
        return plan with
        {
            LeftOut = [.. session.LeftOut],
            Files = files.Sorted,
            Sources = session.Sources.ToImmutable(),
        };
    }

    private static (string From, string To) ReadReleases(Fields fields) =>
        (
            fields.RequiredText("from", "the release that runs now") ?? "?",
            fields.RequiredText("to", "the release that shall run") ?? "?"
        );

    private CompatibilityFacts? ReadCompatibility(Fields plan)
    {
        if (plan.Map("compatibility") is not { } map)
            return null;
        var fields = new Fields(map, problems, plan.Resolve);
        var file = fields.Required("file", "the file that states what works with what");
        var now = fields.Map("now");
        fields.End();
        if (
            file is null
            || fields.AsText(file) is not { } named
            || ReadTree(
                Path.GetFullPath(named, files.PlanFolder),
                Path.Combine(Path.GetDirectoryName(shown) ?? "", named)
            )
                is not { } root
            || PlanHeader.AsMap(root, problems) is not { } stated
        )
            return null;
        return CompatibilityLoader.ForPlan(
            new Fields(stated, problems),
            (now?.Members ?? []).Select(member =>
                member with
                {
                    Value = plan.Resolve?.Invoke(member.Value) ?? member.Value,
                }
            ),
            problems
        );
    }

    private EnvironmentFile? ReadEnvironment(string name)
    {
        var folder = Path.Combine(files.PlanFolder, EnvironmentsFolder);
        var file = Path.Combine(folder, $"{name}.yaml");
        var isName = name.Length > 0 && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0 && name is not ("." or "..");
        if (!isName || !File.Exists(file))
        {
            if (name == EnvironmentFile.DefaultName)
                return new EnvironmentFile(name);
            ReportUnknownEnvironment(name, folder);
            return null;
        }
        var shownFile = Path.Combine(Path.GetDirectoryName(shown) ?? "", EnvironmentsFolder, $"{name}.yaml");
        return ReadEnvironment(name, file, shownFile);
    }

    private EnvironmentFile? ReadEnvironment(string name, string file, string shownFile) =>
        ReadTree(file, shownFile) is { } root
            ? EnvironmentReader.Read(name, root, problems, catalog, files, variables)
            : null;

    private void ReportUnknownEnvironment(string name, string folder)
    {
        string[] known = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f))]
            : [];
        problems.Report(
            DiagnosticCodes.Environment,
            new SourcePosition(shown, 1, 1),
            $"there is no environment '{name}'",
            problems.Nearest.Hint(name, known, "environments") ?? $"write environments/{name}.yaml beside the plan"
        );
    }

    private Node? ReadTree(string file, string shownFile)
    {
        if (SourceText.Read(file, shownFile, problems) is not { } text)
            return null;
        files.Add(file, text.Sha256);
        return YamlTree.Read(text, problems);
    }
}
