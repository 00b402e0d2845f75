using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Belay.Cli.Screens;
using Belay.Domain.Json;
using Belay.Engine;
using Belay.Engine.Ports;
using Belay.Planning;

namespace Belay.Cli.Verbs;

/// <summary>The program's verbs, and how each of them ends.</summary>
internal static class CommandLine
{
    private static readonly ImmutableArray<(string Name, Func<SharedOptions, Command> Create)> Verbs =
    [
        ("init", InitVerb.Create),
        ("release", ReleaseVerb.Create),
        ("path", PathVerb.Create),
        ("import", ImportVerb.Create),
        ("lint", LintVerb.Create),
        ("accept", AcceptVerb.Create),
        ("plan", PlanVerb.Create),
        ("export", ExportVerb.Create),
        ("rehearse", RehearseVerb.Create),
        ("run", RunVerb.Create),
        ("follow", FollowVerb.Create),
        ("status", StatusVerb.Create),
        ("runs", RunsVerb.Create),
        ("compare", CompareVerb.Create),
        ("environment", EnvironmentVerb.Create),
        ("approve", ApproveVerb.Create),
        ("confirm", ConfirmVerb.Create),
        ("resolve", ResolveVerb.Create),
        ("halt", HaltVerb.Create),
        ("resume", ResumeVerb.Create),
        ("rollback", RollbackVerb.Create),
        ("abandon", AbandonVerb.Create),
        ("report", ReportVerb.Create),
        ("verify", VerifyVerb.Create),
        ("operations", OperationsVerb.Create),
        ("schema", SchemaVerb.Create),
        ("completion", CompletionVerb.Create),
        ("watchdog", WatchdogVerb.Create),
    ];

    /// <summary>All verbs.</summary>
    public static RootCommand Create(SharedOptions shared) => Create(shared, Verbs);

    /// <summary>The verbs that a command line can mean: where it begins with one, to make the others would be time lost before a resume.</summary>
    private static RootCommand Create(SharedOptions shared, string[] args) =>
        Create(
            shared,
            args is [var first, ..] && Verbs.Any(verb => verb.Name == first)
                ? Verbs.Where(verb => verb.Name == first)
                : Verbs
        );

    private static RootCommand Create(
        SharedOptions shared,
        IEnumerable<(string Name, Func<SharedOptions, Command> Create)> verbs
    )
    {
        var root = new RootCommand(
            "Carries release upgrades of live systems out from checked plans, survives crashes, and knows the way back."
        )
        {
            shared.Output,
            shared.NonInteractive,
            shared.State,
        };
        foreach (var verb in verbs)
            root.Subcommands.Add(verb.Create(shared));
        return root;
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var shared = new SharedOptions();
        var parsed = Create(shared, args).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            var verbs = parsed.RootCommandResult.Command.Subcommands.Select(verb => verb.Name);
            if (
                parsed.CommandResult.Command is RootCommand
                && new NearestName().Of(args.FirstOrDefault() ?? "", verbs) is { } near
            )
                await Console.Error.WriteLineAsync($"did you mean belay {near}?");
            await Console.Error.WriteLineAsync($"see belay {Path(parsed)}--help");
            return ExitCode.BadUsage;
        }
        if (parsed.GetValue(shared.Output) == OutputFormat.Sarif && parsed.CommandResult.Command.Name != LintVerb.Name)
        {
            await Console.Error.WriteLineAsync("only lint answers in SARIF: --output text or --output json");
            return ExitCode.BadUsage;
        }
        try
        {
            // Ctrl-C belongs to the verbs: those that run an engine halt it at a safe point.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        }
        catch (Refusal refusal)
        {
            return Tell(parsed, shared, refusal);
        }
        catch (JournalException e)
        {
            return Tell(parsed, shared, Refusal.Of(e));
        }
        catch (Exception e)
            when (e
                    is OrderRefusedException
                        or Domain.Contract.OperationException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            return Tell(parsed, shared, new Refusal(ExitCode.Failed, e.Message));
        }
        catch (Exception e)
        {
            // Nobody expected it, so nobody knows what its message holds: a value of a secret may be quoted in it.
            return Tell(parsed, shared, new Refusal(ExitCode.Failed, UnexpectedFailure.Words(e)));
        }
    }

    private static int Tell(ParseResult parsed, SharedOptions shared, Refusal refusal)
    {
        if (parsed.GetValue(shared.Output) == OutputFormat.Json)
        {
            shared
                .ScreenOf(parsed)
                .Write(
                    new ErrorAnswer(refusal.Message, refusal.ExitCode, refusal.Diagnostics, refusal.Findings),
                    CliJson.Instance.ErrorAnswer
                );
            return refusal.ExitCode;
        }
        foreach (var diagnostic in refusal.Diagnostics)
            Console.Error.WriteLine(VisibleText.Of(diagnostic.ToString()));
        foreach (var finding in refusal.Findings)
            Console.Error.WriteLine(VisibleText.Of(finding.ToString()));
        Console.Error.WriteLine(VisibleText.Of($"belay: {refusal.Message}"));
        return refusal.ExitCode;
    }

    // The names of the verb and of those that it belongs to, each with a blank behind it.
    private static string Path(ParseResult parsed)
    {
        var path = "";
        for (var at = parsed.CommandResult; at is { Command: not RootCommand }; at = at.Parent as CommandResult)
            path = $"{at.Command.Name} {path}";
        return path;
    }
}
