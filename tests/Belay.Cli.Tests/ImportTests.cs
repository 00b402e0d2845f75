using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Belay.Cli.Tests;

/// <summary><c>belay import</c>: pages in the styles in which people write procedures, each read into a plan that lint accepts.</summary>
public sealed partial class ImportTests : IDisposable
{
    /// <summary>Markdown with fences, a check list, a gate, typed operations, and a section about going back.</summary>
    private const string Markdown = """
        # Moving the parcel service to 7.3

        The parcel service takes orders from the shop.

        ## Before

        - [ ] Tell the warehouse that labels print slower tonight
        - [ ] Look whether the queue is short

        Stop if the queue holds more than 500 parcels.

        ## Deploy

        Fetch the new chart with `helm repo update parcels`.

        ```sh
        # Is the service healthy?
        curl -fsS https://parcels.example.com/healthz
        cd charts/parcels
        helm upgrade parcels . \
          --values production.yaml --set image.tag=<new-tag>
        kubectl get pods -l app=parcels
        ```

        Put this into the file `limits.yaml`:

        ```yaml
        memory: 2Gi
        ```

        ```sh
        tofu apply -var-file=production.tfvars
        mv flags/new-labels.off flags/new-labels.on
        ```

        ## Rollback

        ```sh
        # Back to the chart before
        helm rollback parcels
        redis-cli -n 3 flushdb
        ```

        Tell the warehouse that it is over.
        """;

    /// <summary>Copied from a page with buttons on its code: no fences, no headings, and the commands are gone.</summary>
    private const string Copied = """
        Moving the ledger

        What to do first

          • Save the ledger's folder.
          • Compare the sums of both months.

        Write the sums down:

        Bash
        Copy

        Then start the converter:

        Shell
        Copy
        ledger-convert.sh --month <month> --into "/srv/ledger new"

        GET /api/ledger/state

        If the converter reports a gap, do not continue.
        """;

    /// <summary>Numbered prose with commands at the end of its sentences, as wikis flatten them.</summary>
    private const string Flattened = """
        Renaming the mail relay

        1. Create the relay beside the old one: * cf create-service relay large mail_relay_b

        2. Wait until it answers. Ask the mail team for a test letter.

        3. Name it as the old one was named. * cf rename-service mail_relay_b mail_relay

        4. Remove the old one with `cf delete-service mail_relay_a`.
        """;

    private readonly Desk desk = new();

    public void Dispose() => desk.Dispose();

    [Fact]
    public async Task A_page_of_markdown_becomes_a_plan_that_lint_accepts()
    {
        var imported = await ImportAsync("parcels.md", Markdown);

        await LintsAsync(imported);
        Assert.All(
            [
                "phase: \"Before\"",
                "confirm: { instructions: \"Tell the warehouse that labels print slower tonight\" }",
                "name: \"Stop if the queue holds more than 500 parcels.\"",
                "command: [\"helm\", \"repo\", \"update\", \"parcels\"]",
                "- check: http.get\n",
                "name: \"Is the service healthy?\"\n",
                "url: \"https://parcels.example.com/healthz\"",
                "folder: \"charts/parcels\"",
                "\"--set\", \"image.tag=${inputs.new-tag}\"]",
                "undo: { command: [\"helm\", \"rollback\", \"parcels\"] }",
                "instructions: \"Put this into the file `limits.yaml`:\\nmemory: 2Gi\"",
                "- do: opentofu.apply",
                "var-files: [\"production.tfvars\"]",
                "- do: files.rename",
                "    # 20:\n",
            ],
            text => Assert.Contains(text, imported.Plan, StringComparison.Ordinal)
        );
        Assert.Equal((6, 3, 0), (imported.Commands - 2, imported.Typed, imported.Lost));
        Assert.Equal(["new-tag"], imported.Inputs);
        Assert.Equal(["redis-cli -n 3 flushdb", "Tell the warehouse that it is over."], imported.NotUnderstood);
    }

    [Fact]
    public async Task What_a_copied_page_lost_is_a_hole_and_the_plan_does_not_run_until_it_is_filled()
    {
        var imported = await ImportAsync("ledger.txt", Copied);

        Assert.Equal(["base-url", "lost-1", "month"], imported.Inputs);
        Assert.Equal(1, imported.Lost);
        var refused = await desk.BelayAsync(
            "run",
            imported.File,
            "--input",
            "month=may",
            "--input",
            "base-url=http://l"
        );
        Assert.True(refused.ExitCode == 64, refused.ToString());
        Assert.Contains(
            "the input 'lost-1' has no value: the command that stood at ledger.txt:10, after: Write the sums down:",
            refused.Error,
            StringComparison.Ordinal
        );
        await LintsAsync(imported);
        Assert.All(
            [
                "instructions: \"Save the ledger's folder.\"",
                "phase: \"What to do first\"",
                "url: \"${inputs.base-url}/api/ledger/state\"",
                "command: [\"ledger-convert.sh\", \"--month\", \"${inputs.month}\", \"--into\", \"/srv/ledger new\"]",
                "name: \"If the converter reports a gap, do not continue.\"",
            ],
            text => Assert.Contains(text, imported.Plan, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Commands_inside_sentences_are_steps_and_the_other_sentences_are_manual_ones()
    {
        var imported = await ImportAsync("relay.md", Flattened);

        await LintsAsync(imported);
        Assert.Equal(3, imported.Commands);
        Assert.All(
            [
                "name: \"Create the relay beside the old one\"",
                "command: [\"cf\", \"create-service\", \"relay\", \"large\", \"mail_relay_b\"]",
                "instructions: \"Wait until it answers. Ask the mail team for a test letter.\"",
                "command: [\"cf\", \"delete-service\", \"mail_relay_a\"]",
            ],
            text => Assert.Contains(text, imported.Plan, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_plan_made_of_a_page_runs_today()
    {
        var imported = await ImportAsync(
            "small.md",
            "# Small\n\n## Write\n\n```sh\n# Write the note\necho moved > note.txt && test -s note.txt\n```\n\n## Rollback\n\n```sh\nrm -f note.txt\n```\n"
        );
        var run = await desk.BelayAsync("run", imported.File, "--no-wait");
        Assert.True(run.ExitCode == 5, run.ToString());
        await desk.BelayAsync("approve", "p-write.1", "--by", "anna");
        var resumed = await desk.BelayAsync("resume");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("moved\n", desk.Read("note.txt"));
    }

    [Theory]
    [InlineData("", "the page asks for nothing")]
    [InlineData("The moon is round.\n", "the page asks for nothing")]
    public async Task A_page_that_is_no_procedure_is_refused(string page, string why)
    {
        desk.Write("page.md", page);
        var ended = await desk.BelayAsync("import", "page.md");
        Assert.True(ended.ExitCode == 64, ended.ToString());
        Assert.Contains(why, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_never_overwritten()
    {
        desk.Write("page.md", Flattened);
        desk.Write("plan.yaml", "mine\n");
        var ended = await desk.BelayAsync("import", "page.md", "--plan", "plan.yaml");
        Assert.True(ended.ExitCode == 64, ended.ToString());
        Assert.Equal("mine\n", desk.Read("plan.yaml"));
    }

    /// <summary>Procedures of others, from the folder that BELAY_PROCEDURES names, or <c>../shared/procedures</c> beside the checkout.</summary>
    [Fact]
    public async Task Procedures_of_others_become_plans_that_lint_accepts_apart_from_their_holes()
    {
        var folder =
            Environment.GetEnvironmentVariable("BELAY_PROCEDURES")
            ?? Above(AppContext.BaseDirectory)
                .Select(above => Path.Combine(above, "..", "shared", "procedures"))
                .FirstOrDefault(Directory.Exists);
        Assert.SkipUnless(
            Directory.Exists(folder),
            "no procedures: name a folder with BELAY_PROCEDURES, or put one at ../shared/procedures"
        );
        foreach (var file in Directory.EnumerateFiles(folder!).Order(StringComparer.Ordinal))
        {
            var page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            var imported = await ImportAsync(Path.GetFileName(file), page);
            TestContext.Current.SendDiagnosticMessage(
                $"{Path.GetFileName(file)}: {imported.Commands} commands, {imported.Typed} typed, {imported.Lost} lost, {imported.NotUnderstood.Length} not understood"
            );
            await LintsAsync(imported);
            await NothingIsLostAsync(imported, page);
        }
    }

    /// <summary>Every word of the page stands in the plan: as a step, as a comment, or among what was not understood.</summary>
    private static Task NothingIsLostAsync(Imported imported, string page)
    {
        var words = Words()
            .Matches(imported.Plan)
            .Select(word => word.Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = Words()
            .Matches(page)
            .Select(word => word.Value)
            .Where(word => word.Length > 4 && !words.Contains(word))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToArray();
        Assert.True(missing.Length == 0, $"{imported.File}: {string.Join(' ', missing)}");
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }

    private async Task<Imported> ImportAsync(string name, string page)
    {
        desk.Write(name, page);
        var told = await desk.BelayAsync("import", name, "--approver", "anna", "--output", "json");
        Assert.True(told.ExitCode == 0, told.ToString());
        using var json = JsonDocument.Parse(told.Output);
        var root = json.RootElement;
        var plan = root.GetProperty("plan").GetString()!;
        var file = $"{name}.plan.yaml";
        desk.Write(file, plan);
        return new Imported(
            file,
            plan,
            root.GetProperty("commands").GetInt32(),
            root.GetProperty("typed").GetInt32(),
            root.GetProperty("lost").GetInt32(),
            [.. root.GetProperty("inputs").EnumerateArray().Select(input => input.GetString()!)],
            [.. root.GetProperty("not-understood").EnumerateArray().Select(one => one.GetProperty("text").GetString()!)]
        );
    }

    private async Task LintsAsync(Imported imported)
    {
        var inputs = imported.Inputs.SelectMany(input =>
            new[]
            {
                "--input",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{input}={(input == "base-url" ? "http://host" : "given")}"
                ),
            }
        );
        var lint = await desk.BelayAsync(["lint", imported.File, .. inputs]);
        Assert.True(lint.ExitCode == 0, $"{lint}\n{imported.Plan}");
    }

    [GeneratedRegex(@"[\p{L}][\p{L}\p{N}]+", RegexOptions.None, 1000)]
    private static partial Regex Words();

    private sealed record Imported(
        string File,
        string Plan,
        int Commands,
        int Typed,
        int Lost,
        string[] Inputs,
        string[] NotUnderstood
    );
}
