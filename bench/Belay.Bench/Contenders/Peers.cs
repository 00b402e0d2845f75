using System.Globalization;
using System.Text;
using Belay.Parts;

namespace Belay.Bench.Contenders;

/// <summary>How each contender is brought up.</summary>
internal static class Peers
{
    /// <summary>Belay's engine and file store, and the bare limits, in a process of their own.</summary>
    public static async Task<IContender> BelayAsync(string folder, CancellationToken ct) =>
        await LiveContender.StartAsync(
            "Belay",
            [Environment.ProcessPath!, "worker", Path.Combine(folder, "belay")],
            ct
        );

    /// <summary>Restate: its server and one service of its SDK for Node.js.</summary>
    public static async Task<IContender> RestateAsync(string folder, string packages, CancellationToken ct)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, "restate")).FullName;
        return await LiveContender.StartAsync("Restate", ["node", Script("restate.mjs"), packages, place], ct);
    }

    /// <summary>DBOS on a PostgreSQL server of its own that flushes its commits.</summary>
    public static async Task<IContender> DbosAsync(string folder, string packages, CancellationToken ct)
    {
        var postgres = await PostgresServer.StartAsync(
            new PostgresOptions { Durable = true, Folder = Path.Combine(folder, "postgres") },
            ct
        );
        try
        {
            await postgres.ExecuteAsync("CREATE DATABASE bench", ct: ct);
            string[] command =
            [
                "node",
                Script("dbos.mjs"),
                packages,
                $"postgresql://{PostgresServer.User}@127.0.0.1:{postgres.Port}/bench",
            ];
            return await LiveContender.StartAsync("DBOS", command, ct, postgres, () => Family(postgres.Pid));
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Terraform: a resource that does nothing for each step, one after the other.</summary>
    public static IContender Terraform(string folder, string program) =>
        new CommandContender(
            "Terraform",
            Path.Combine(folder, "terraform"),
            async (place, steps) =>
            {
                await File.WriteAllTextAsync(
                    Path.Combine(place, "main.tf"),
                    $$"""
                    terraform {
                      required_version = ">= 1.4"
                    }

                    resource "terraform_data" "step" {
                      count = {{steps}}
                      input = count.index
                    }

                    """
                );
                await Tool.RunAsync(
                    program,
                    [$"-chdir={place}", "init", "-no-color"],
                    CancellationToken.None,
                    new Dictionary<string, string>(StringComparer.Ordinal) { ["TF_CLI_CONFIG_FILE"] = "/dev/null" }
                );
            },
            [program, "apply", "-auto-approve", "-no-color", "-parallelism=1"]
        );

    /// <summary>Ansible: a task that runs <c>true</c> on the local machine for each step.</summary>
    public static IContender Ansible(string folder) =>
        new CommandContender(
            "Ansible",
            Path.Combine(folder, "ansible"),
            (place, steps) =>
            {
                var play = new StringBuilder(
                    "- hosts: localhost\n  connection: local\n  gather_facts: false\n  tasks:\n"
                );
                for (var number = 0; number < steps; number++)
                    play.Append("    - ansible.builtin.command: \"true\"\n");
                return File.WriteAllTextAsync(Path.Combine(place, "play.yaml"), play.ToString());
            },
            [PartsFolder.Find("ansible-playbook"), "-i", "localhost,", "play.yaml"]
        );

    /// <summary>make: a target that touches its file for each step.</summary>
    public static IContender Make(string folder) =>
        new CommandContender(
            "make",
            Path.Combine(folder, "make"),
            (place, steps) =>
            {
                var targets = Enumerable.Range(0, steps).Select(number => $"step-{number}").ToArray();
                var file = new StringBuilder($"all: {string.Join(' ', targets)}\n");
                foreach (var target in targets)
                    file.Append(CultureInfo.InvariantCulture, $"{target}:\n\t@touch $@\n");
                return File.WriteAllTextAsync(Path.Combine(place, "Makefile"), file.ToString());
            },
            ["make", "--jobs=1"]
        );

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);

    /// <summary>A server's process and those that it has started.</summary>
    private static IEnumerable<int> Family(int pid) =>
        [
            pid,
            .. File.ReadAllText($"/proc/{pid}/task/{pid}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
        ];
}
