using System.Collections.Immutable;
using System.Globalization;
using Belay.Connectors.Tests.Files;
using Belay.Domain.Contract;
using ConnectorKit;

namespace Belay.Connectors.Tests.Process;

/// <summary>A real service: a shell script that logs each of its starts outside of the plan's folder and runs until it is told to end.</summary>
internal abstract class ServiceFixture : ChangeFixture
{
    private const string Script = """
        echo "$GREETING" >> "$EFFECTS"
        trap 'echo bye; exit 0' TERM
        echo ready > "$READY"
        while :; do sleep 0.05; done
        """;

    protected ServiceFixture()
    {
        Folder.Write("plan/web.sh", Script);
        Folder.Write("plan/run/web.env", $"# of the service\nEFFECTS=\"{Effects}\"\nREADY={Folder["ready"]}\n");
    }

    /// <summary>A log that the service itself keeps of its starts.</summary>
    public string Effects => Folder["effects"];

    public string PidFile => Path.Combine(PlanFolder, "run/web.pid");

    public override KitProgram Program => TestProgram.Instance;

    public override ImmutableArray<string> Secrets => ["hunter2"];

    public string CommonInputs =>
        $$"""
            "name": "web",
            "command": ["sh", "{{PlanFolder}}/web.sh"],
            "pid-file": "run/web.pid",
            "log": "run/web.log",
            "environment-file": "run/web.env",
            "environment": { "GREETING": { "$secret": "hunter2" } },
            "ready": { "command": ["test", "-e", "{{Folder["ready"]}}"], "within": "20s" },
            "grace": "10s"
            """;

    /// <summary>The processes that run the script, as the kernel tells.</summary>
    public IEnumerable<int> Running() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid =>
                pid != 0
                && ReadOrEmpty($"/proc/{pid}/cmdline").EndsWith($"{PlanFolder}/web.sh\0", StringComparison.Ordinal)
                && Leads(pid)
            );

    // A command that the script has forked and not become yet still looks like the script, but leads no session.
    private static bool Leads(int pid) =>
        ReadOrEmpty($"/proc/{pid}/stat").Split(") ") is [_, var fields]
        && int.Parse(fields.Split(' ')[3], CultureInfo.InvariantCulture) == pid;

    public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
        ValueTask.FromResult(FileSnapshot.Of(PlanFolder).Add("process:web", string.Join(' ', Running().Order())));

    public override async ValueTask DisposeAsync()
    {
        foreach (var pid in Running().ToArray())
        {
            if (ReadOrEmpty($"/proc/{pid}/stat").Split(") ") is not [_, var fields])
                continue;
            var ticks = long.Parse(fields.Split(' ')[19], CultureInfo.InvariantCulture);
            await Program.Processes.EndAsync(new ProcessIdentity(pid, ticks), TimeSpan.Zero, CancellationToken.None);
        }
        await base.DisposeAsync();
    }

    protected int Starts() => File.Exists(Effects) ? File.ReadAllLines(Effects).Length : 0;

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
