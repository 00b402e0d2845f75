using System.Collections.Frozen;

namespace Belay.Releases.Importing;

/// <summary>Programs that procedures name, and which of their commands only read.</summary>
internal static class Programs
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "ansible",
        "ansible-playbook",
        "argocd",
        "awk",
        "aws",
        "az",
        "bash",
        "bundle",
        "cargo",
        "cat",
        "cd",
        "cf",
        "chmod",
        "chown",
        "composer",
        "cp",
        "crictl",
        "ctr",
        "curl",
        "dig",
        "docker",
        "docker-compose",
        "dotnet",
        "echo",
        "env",
        "etcdctl",
        "export",
        "find",
        "flyway",
        "gcloud",
        "git",
        "grep",
        "haproxy",
        "helm",
        "helmfile",
        "java",
        "journalctl",
        "jq",
        "kubeadm",
        "kubectl",
        "kustomize",
        "liquibase",
        "ln",
        "ls",
        "make",
        "mkdir",
        "mongo",
        "mongodump",
        "mongorestore",
        "mongosh",
        "mv",
        "mysql",
        "mysqldump",
        "nginx",
        "node",
        "npm",
        "npx",
        "nslookup",
        "oc",
        "openssl",
        "pg_dump",
        "pg_dumpall",
        "pg_restore",
        "php",
        "pip",
        "pip3",
        "pnpm",
        "podman",
        "psql",
        "python",
        "python3",
        "redis-cli",
        "rm",
        "rsync",
        "ruby",
        "scp",
        "sed",
        "service",
        "sh",
        "skopeo",
        "source",
        "ssh",
        "sudo",
        "systemctl",
        "tail",
        "tar",
        "terraform",
        "terragrunt",
        "test",
        "tofu",
        "touch",
        "unzip",
        "valkey-cli",
        "vault",
        "velero",
        "wget",
        "yarn",
        "yq"
    );

    /// <summary>By program: the first words of commands that only read. A star: all of them.</summary>
    private static readonly FrozenDictionary<string, string[]> Reading = new Dictionary<string, string[]>(
        StringComparer.Ordinal
    )
    {
        ["kubectl"] =
        [
            "get",
            "describe",
            "logs",
            "top",
            "version",
            "diff",
            "wait",
            "explain",
            "api-resources",
            "cluster-info",
            "rollout status",
            "rollout history",
            "auth can-i",
            "config current-context",
            "config view",
        ],
        ["helm"] = ["list", "ls", "status", "history", "get", "template", "lint", "diff", "show", "version", "search"],
        ["helmfile"] = ["diff", "lint", "list", "template", "status", "build"],
        ["tofu"] =
        [
            "plan",
            "validate",
            "version",
            "show",
            "output",
            "state list",
            "state show",
            "state pull",
            "providers",
            "fmt -check",
        ],
        ["terraform"] =
        [
            "plan",
            "validate",
            "version",
            "show",
            "output",
            "state list",
            "state show",
            "state pull",
            "providers",
            "fmt -check",
        ],
        ["docker"] =
        [
            "ps",
            "images",
            "inspect",
            "logs",
            "version",
            "info",
            "stats",
            "manifest inspect",
            "compose ps",
            "compose logs",
            "compose config",
            "image ls",
            "image inspect",
        ],
        ["docker-compose"] = ["ps", "logs", "config"],
        ["cf"] =
        [
            "app",
            "apps",
            "services",
            "service",
            "routes",
            "env",
            "events",
            "logs",
            "target",
            "domains",
            "spaces",
        ],
        ["git"] = ["status", "log", "diff", "show", "fetch", "branch --show-current", "rev-parse", "describe"],
        ["redis-cli"] = ["ping", "info", "dbsize", "get", "ttl", "client list"],
        ["valkey-cli"] = ["ping", "info", "dbsize", "get", "ttl", "client list"],
        ["systemctl"] = ["status", "is-active", "list-units", "cat"],
        ["aws"] = ["s3 ls", "sts get-caller-identity", "ecr describe-images", "elasticache describe-cache-clusters"],
        ["cat"] = ["*"],
        ["ls"] = ["*"],
        ["grep"] = ["*"],
        ["dig"] = ["*"],
        ["nslookup"] = ["*"],
        ["echo"] = ["*"],
        ["jq"] = ["*"],
        ["tail"] = ["*"],
        ["test"] = ["*"],
        ["journalctl"] = ["*"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a word is a program: one that is known, or a path to one.</summary>
    public static bool Is(string word) =>
        Known.Contains(word)
        || word.StartsWith("./", StringComparison.Ordinal)
        || word.EndsWith(".sh", StringComparison.Ordinal)
        || (word.EndsWith(".py", StringComparison.Ordinal) && word.Length > 3);

    /// <summary>Whether a command, told as its words, certainly only reads.</summary>
    public static bool OnlyReads(IReadOnlyList<string> words) =>
        words.Count > 0
        && Reading.TryGetValue(words[0], out var commands)
        && Array.Exists(commands, command => command == "*" || Begins(words, command.Split(' ')));

    private static bool Begins(IReadOnlyList<string> words, string[] beginning)
    {
        // Options of the program itself may stand before its command.
        var rest = words.Skip(1).SkipWhile(word => word.StartsWith('-')).ToArray();
        return rest.Length >= beginning.Length
            && rest.Take(beginning.Length).SequenceEqual(beginning, StringComparer.OrdinalIgnoreCase);
    }
}
