using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Planning;
using Belay.Releases.Importing;

namespace Belay.Cli.Verbs;

/// <summary><c>belay import</c>: a procedure written for people becomes a plan.</summary>
internal static class ImportVerb
{
    /// <summary>The longest page that is read, in bytes.</summary>
    private const long Longest = 4 * 1024 * 1024;

    public static Command Create(SharedOptions shared)
    {
        var page = new Argument<string>("PAGE") { Description = "The page: Markdown, or text copied from a web page" };
        var plan = new Option<string?>("--plan")
        {
            Description = "Write the plan into this new file; without it the plan is printed",
            HelpName = "FILE",
        };
        var approver = new Option<string>("--approver")
        {
            Description = "Who approves what cannot be taken back: a role or a name",
            HelpName = "NAME",
            DefaultValueFactory = _ => Environment.UserName,
        };
        var command = new Command("import", "Make a plan of a procedure that was written for people")
        {
            page,
            plan,
            approver,
        };
        command.SetAction(parsed =>
        {
            var screen = shared.ScreenOf(parsed);
            var file = parsed.GetRequiredValue(page);
            var imported = PageImport.Read(Path.GetFileName(file), Read(file), parsed.GetRequiredValue(approver));
            if (imported.Steps == 0)
                throw Problem(
                    file,
                    "the page asks for nothing",
                    "a procedure has lists, commands, or sentences that ask for something"
                );
            if (parsed.GetValue(plan) is { } target)
                Write(target, imported.Plan);
            else if (screen.Format == OutputFormat.Text)
                screen.WriteRaw(imported.Plan);
            if (parsed.GetValue(plan) is not null)
                screen.Write(Lines(file, parsed.GetValue(plan)!, imported));
            screen.Write(imported, CliJson.Instance.ImportedPlan);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Read(string file)
    {
        var info = new FileInfo(file);
        if (!info.Exists)
            throw Problem(file, "there is no such file", null);
        return info.Length > Longest
            ? throw Problem(
                file,
                $"the page is larger than {Longest / 1024 / 1024} MB",
                "import the part that is the procedure"
            )
            : File.ReadAllText(file);
    }

    private static void Write(string target, string plan)
    {
        if (File.Exists(target))
            throw new Refusal(
                ExitCode.BadUsage,
                $"{target} is there already, and may have been worked on: name another file"
            );
        File.WriteAllText(target, plan);
    }

    private static Refusal Problem(string file, string message, string? hint) =>
        new([
            new Diagnostic
            {
                Code = DiagnosticCodes.File,
                File = file,
                Line = 1,
                Column = 1,
                Message = message,
                Hint = hint,
            },
        ]);

    private static IEnumerable<ScreenLine> Lines(string page, string plan, ImportedPlan imported) =>
        [
            ScreenLine.Of($"written: {plan}", Tone.Good),
            $"{imported.Steps} steps; of {imported.Commands} commands {imported.Typed} are typed operations, the others shell.run",
            .. imported.Lost > 0
                ?
                [
                    ScreenLine.Of(
                        $"{imported.Lost} commands are lost in the page: the plan does not run until they are given",
                        Tone.Warning
                    ),
                ]
                : Array.Empty<ScreenLine>(),
            .. imported.Inputs.Select(input => (ScreenLine)$"to give: --input {input}=VALUE"),
            .. imported.NotUnderstood.Select(sentence =>
                ScreenLine.Of($"{page}:{sentence.Line}: not understood: {sentence.Text.Split('\n')[0]}", Tone.Warning)
            ),
        ];
}
