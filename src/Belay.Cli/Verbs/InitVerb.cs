using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;

namespace Belay.Cli.Verbs;

/// <summary><c>belay init</c>: writes a small plan to begin with, and a key to sign with. Never overwrites anything.</summary>
internal static class InitVerb
{
    private const string IgnoredFolder = ".belay/";

    private const string Plan = """
        # A small plan to begin with. Look at it: belay plan upgrade.yaml
        # Carry it out: belay run upgrade.yaml       Take it back: belay rollback
        belay: 1
        upgrade: first
        from: 1.0.0
        to: 1.1.0

        steps:
          - id: release
            name: write which release is current
            do: files.write
            with: { path: current-release, content: "${to}\n" }

          - id: look
            confirm: { instructions: "Look at the file current-release. Does it name the new release?" }
        """;

    private const string Environment = """
        # What belay knows about one live system. Used by: belay run upgrade.yaml --env example
        # connections:
        #   db: { kind: postgresql, host: 127.0.0.1, port: 5432, database: shop, user: shop, password: "${secret:DB_PASSWORD}" }
        # secrets:
        #   DB_PASSWORD: { env: DB_PASSWORD }
        # roles:
        #   release-manager: [anna, ben]
        # people:                        # whose word counts only when it is signed; belay init prints your key
        #   ben: { key: keys/ben.pub }
        values:
          region: here
        """;

    public static Command Create(SharedOptions shared)
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "Where to",
            DefaultValueFactory = _ => ".",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var key = new Option<string?>("--key")
        {
            Description = "Where to write a new private key; without it key.pem in the folder in which runs are kept",
            HelpName = "FILE",
        };
        var command = new Command("init", "Write a small plan to begin with, and a key to sign with; never overwrites")
        {
            folder,
            key,
        };
        command.SetAction(parsed =>
        {
            var screen = shared.ScreenOf(parsed);
            var target = parsed.GetRequiredValue(folder);
            var path =
                parsed.GetValue(key) ?? KeyFiles.CustomaryPath(Path.Combine(target, parsed.GetValue(shared.State)!));
            string[] written = [.. Write(target), .. WriteKey(path)];
            screen.Write(written.Select(line => (ScreenLine)line));
            screen.Write(ForPeople(path).Select(line => (ScreenLine)line));
            screen.Write(new DoneAnswer(string.Join("; ", written)), CliJson.Instance.DoneAnswer);
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "environments"));
        yield return WriteNew(Path.Combine(folder, "upgrade.yaml"), Plan);
        yield return WriteNew(Path.Combine(folder, "environments", "example.yaml"), Environment);
        yield return Ignore(Path.Combine(folder, ".gitignore"));
    }

    private static string WriteNew(string path, string text)
    {
        if (File.Exists(path))
            return $"left as it was: {path}";
        File.WriteAllText(path, text + "\n");
        return $"written: {path}";
    }

    private static IEnumerable<string> WriteKey(string path)
    {
        if (File.Exists(path))
        {
            yield return $"left as it was: {path}";
            yield break;
        }
        KeyFiles.Create(path);
        yield return $"written: {path} (your private key: nobody else may have it)";
        yield return $"written: {KeyFiles.PublicPath(path)} (your public key)";
    }

    private static IEnumerable<string> ForPeople(string path)
    {
        if (!File.Exists(KeyFiles.PublicPath(path)))
            yield break;
        yield return "in an environment's file, so that only your signed word counts as yours:";
        yield return "people:";
        yield return $"  {System.Environment.UserName}:";
        yield return "    key: |";
        foreach (var line in KeyFiles.ReadPublic(KeyFiles.PublicPath(path)).Pem.TrimEnd().Split('\n'))
            yield return $"      {line}";
    }

    // The journals hold the names of systems and people: no part of a repository.
    private static string Ignore(string path)
    {
        var lines = File.Exists(path) ? File.ReadAllText(path) : "";
        if (lines.Split('\n').Any(line => line.Trim() == IgnoredFolder))
            return $"left as it was: {path}";
        File.AppendAllText(path, (lines.Length > 0 && !lines.EndsWith('\n') ? "\n" : "") + IgnoredFolder + "\n");
        return $"{IgnoredFolder} added: {path}";
    }
}
