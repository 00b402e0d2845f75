using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Rehearsal;

namespace Belay.Cli.Verbs;

/// <summary><c>belay rehearse</c>: plays a plan through on a simulated world, with every fault at every place.</summary>
internal static class RehearseVerb
{
    public static Command Create(SharedOptions shared)
    {
        var plan = SharedOptions.Plan();
        var environment = SharedOptions.Environment();
        var inputs = SharedOptions.Inputs();
        var pairs = new Option<bool>("--pairs") { Description = "Play two faults in a story too, not only one" };
        var rollback = new Option<bool>("--rollback")
        {
            Description =
                "Rehearse the way back: once each change is done, all the way and to each step, with every fault on it",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "How long each step takes: the same seed gives the same stories",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => 1,
        };
        var story = new Option<string?>("--story") { Description = "Play one story again", HelpName = "ID" };
        var command = new Command(
            "rehearse",
            "Play a plan through without touching anything, with every fault at every place"
        )
        {
            plan,
            environment,
            inputs,
            rollback,
            pairs,
            seed,
            story,
        };
        command.SetAction(
            (parsed, ct) =>
            {
                var asked = new Asked(
                    shared.PlaceOf(parsed),
                    parsed.GetRequiredValue(plan),
                    parsed.GetRequiredValue(environment),
                    GivenInputs.Read(parsed.GetValue(inputs)),
                    parsed.GetValue(seed)
                );
                return Task.FromResult(
                    parsed.GetValue(story) is { } id ? Replay(asked, id)
                    : parsed.GetValue(rollback) ? Play(asked, PlanRehearsal.PlayBack, parsed.GetValue(pairs), ct)
                    : Play(asked, PlanRehearsal.Play, parsed.GetValue(pairs), ct)
                );
            }
        );
        return command;
    }

    private static int Play(
        Asked asked,
        Func<Domain.Plans.Plan, Domain.Operations.Catalog, int, bool, CancellationToken, RehearsalReport> rehearsal,
        bool pairs,
        CancellationToken ct
    )
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var report = Trying(() => rehearsal(asked.Plan, asked.Place.Catalog, asked.Seed, pairs, ct));
        var took = clock.GetElapsedTime(began);
        asked.Place.Screen.Write([
            .. report.World.Select(line => ScreenLine.Of(line, Tone.Faint)),
            .. report.NotRehearsed.Select(line => ScreenLine.Of(line, Tone.Warning)),
            .. report.Violations.SelectMany(told => Lines(told).Append("").Append(Command(asked, told)).Prepend("")),
            "",
            Summary(report, took),
        ]);
        asked.Place.Screen.Write(new RehearseAnswer(report, took), CliJson.Instance.RehearseAnswer);
        return report.Violations.IsEmpty ? ExitCode.Done : ExitCode.SaysNo;
    }

    private static int Replay(Asked asked, string id)
    {
        var told = Trying(() => PlanRehearsal.Replay(asked.Plan, asked.Place.Catalog, asked.Seed, id));
        asked.Place.Screen.Write([.. Lines(told), $"it ends: {told.Ending}"]);
        asked.Place.Screen.Write(told, CliJson.Instance.ToldStory);
        return told.Violation is null ? ExitCode.Done : ExitCode.SaysNo;
    }

    private static IEnumerable<ScreenLine> Lines(ToldStory told)
    {
        if (told.Violation is { } violation)
            yield return ScreenLine.Of(
                $"{violation.Code}: {violation.Words}{(violation.Source is { } source ? $" ({source})" : "")}",
                Tone.Bad
            );
        foreach (var (line, number) in told.Lines.Select((line, i) => (line, i + 1)))
            yield return new([
                new(string.Create(CultureInfo.InvariantCulture, $"{number, 4}  "), Tone.Faint),
                new(line.Words, line.Words.StartsWith("FAULT", StringComparison.Ordinal) ? Tone.Warning : Tone.Plain),
                new(line.Source is { } source ? $"  {source.File}:{source.Line}" : "", Tone.Faint),
            ]);
    }

    private static ScreenLine Command(Asked asked, ToldStory told) =>
        ScreenLine.Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"again: belay rehearse {asked.Path} --env {asked.Environment} --seed {asked.Seed} --story '{told.Story.Replace("'", "'\\''", StringComparison.Ordinal)}'"
            ),
            Tone.Strong
        );

    private static ScreenLine Summary(RehearsalReport report, TimeSpan took) =>
        ScreenLine.Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Stories} stories played in {took.TotalSeconds:0.0} s, seed {report.Seed} ({string.Join(", ", report.Kinds.OrderByDescending(kind => kind.Value).Take(12).Select(kind => $"{kind.Value} {kind.Key}"))}); {report.Folded} ended in a state that was known: "
            ) + (report.Violations.IsEmpty ? "no violation" : $"{report.Violations.Length} violations"),
            report.Violations.IsEmpty ? Tone.Good : Tone.Bad
        );

    private static T Trying<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (RehearsalException e)
        {
            throw new Refusal(ExitCode.SaysNo, e.Message);
        }
        catch (Domain.Contract.OperationException e)
        {
            throw new Refusal(ExitCode.SaysNo, e.Message);
        }
    }

    /// <summary>What was asked, the plan read.</summary>
    private sealed class Asked(
        Workplace place,
        string path,
        string environment,
        ImmutableSortedDictionary<string, string> inputs,
        int seed
    )
    {
        public Workplace Place => place;

        public string Path => path;

        public string Environment => environment;

        public int Seed => seed;

        public Domain.Plans.Plan Plan { get; } = place.Load(path, environment, inputs).Plan;
    }
}

/// <summary>What a rehearsal found, as JSON.</summary>
/// <param name="Report">All of it.</param>
/// <param name="Took">How long it took.</param>
internal sealed record RehearseAnswer(RehearsalReport Report, TimeSpan Took);
