using System.CommandLine;
using System.CommandLine.Completions;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Readings;

namespace Belay.Cli.Verbs;

/// <summary>What many verbs take, described once.</summary>
internal sealed class SharedOptions
{
    public Option<OutputFormat> Output { get; } =
        new("--output")
        {
            Description = "For people (text), or one JSON document a line (json); lint also as SARIF (sarif)",
            HelpName = "text|json",
            Recursive = true,
        };

    public Option<bool> NonInteractive { get; } =
        new("--non-interactive")
        {
            Description = "Never ask anything; without a terminal nothing is asked anyway",
            Recursive = true,
        };

    public Option<string> State { get; } =
        new("--state")
        {
            Description = "The folder in which runs are kept",
            HelpName = "DIR",
            Recursive = true,
            DefaultValueFactory = _ => Workplace.CustomaryState,
        };

    /// <summary>The environment of a plan.</summary>
    public static Option<string> Environment() =>
        new("--env")
        {
            Description = "The environment: environments/NAME.yaml beside the plan",
            HelpName = "NAME",
            DefaultValueFactory = _ => Planning.EnvironmentFile.DefaultName,
        };

    /// <summary>The environment whose latest run is meant.</summary>
    public static Option<string?> EnvironmentOfRun() =>
        new("--env") { Description = "The environment whose latest run is meant", HelpName = "NAME" };

    /// <summary>Who acts.</summary>
    public static Option<string> By() =>
        new("--by")
        {
            Description = "Who acts, for the journal",
            HelpName = "NAME",
            DefaultValueFactory = _ => System.Environment.UserName,
        };

    /// <summary>Inputs of a plan.</summary>
    public static Option<string[]> Inputs() =>
        new("--input") { Description = "An input of the plan; may be given several times", HelpName = "NAME=VALUE" };

    /// <summary>A plan file.</summary>
    public static Argument<string> Plan() => new("PLAN") { Description = "The plan file" };

    /// <summary>A run.</summary>
    public Argument<string?> Run()
    {
        var run = new Argument<string?>("RUN")
        {
            Description = "The run; without it the environment's latest",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(RunNames);
        return run;
    }

    /// <summary>A step of the latest run in one of some states.</summary>
    public Argument<string> Step(string description, params StepState[] states)
    {
        var step = new Argument<string>("STEP") { Description = description };
        step.CompletionSources.Add(context => StepNames(context, states));
        return step;
    }

    /// <summary>The screen that was asked for.</summary>
    public Screen ScreenOf(ParseResult parsed) => new(parsed.GetValue(Output), !parsed.GetValue(NonInteractive));

    /// <summary>The workplace that was asked for.</summary>
    public Workplace PlaceOf(ParseResult parsed) =>
        new(ScreenOf(parsed), parsed.GetValue(State) ?? Workplace.CustomaryState);

    private IEnumerable<CompletionItem> RunNames(CompletionContext context) =>
        PlaceOf(context.ParseResult)
            .Store.Journals.ListAsync(null, CancellationToken.None)
            .GetAwaiter()
            .GetResult()
            .Select(name => new CompletionItem(name.Run));

    private IEnumerable<CompletionItem> StepNames(CompletionContext context, StepState[] states)
    {
        var place = PlaceOf(context.ParseResult);
        var names = place.Store.Journals.ListAsync(null, CancellationToken.None).GetAwaiter().GetResult();
        return names is [var latest, ..]
            ? place
                .Runs.ReadAsync(latest.Run, CancellationToken.None)
                .GetAwaiter()
                .GetResult()
                .Steps.Values.Where(step => states.Contains(step.State))
                .Select(step => new CompletionItem(step.Id))
            : [];
    }
}
