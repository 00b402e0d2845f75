using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Views.Reports;

namespace Belay.Views.Sections;

/// <summary>The commands that steps ran.</summary>
internal static class CommandsSection
{
    public static Section? Of(RunRecord run)
    {
        var ends = run
            .Entries.Where(entry => entry.Event is ChildEnded)
            .ToLookup(entry => (((ChildEnded)entry.Event).Step, ((ChildEnded)entry.Event).Child));
        var rows = run
            .Entries.Where(entry => entry.Event is ChildStarted)
            .Select(entry => Row(run, entry, (ChildStarted)entry.Event, ends))
            .ToImmutableArray();
        return rows.IsEmpty
            ? null
            : new Section(
                "commands",
                "Commands",
                [
                    new Block.Rows(
                        new Table
                        {
                            Caption = "Commands that steps ran, in order",
                            Columns = ["Command", "Step", "Started", "Took", "Exit code"],
                            Rows = rows,
                        }
                    ),
                ]
            );
    }

    private static ImmutableArray<Cell> Row(
        RunRecord run,
        JournalEntry start,
        ChildStarted child,
        ILookup<(string, ProcessIdentity), JournalEntry> ends
    )
    {
        var end = ends[(child.Step, child.Child)].FirstOrDefault(entry => entry.Sequence > start.Sequence);
        return
        [
            child.Command,
            run.Step(child.Step),
            Say.Time(start.At),
            end is null ? "" : Say.Span(end.At - start.At),
            end?.Event switch
            {
                null => new Cell("no end is journaled", Tone.Waiting),
                ChildEnded { ExitCode: { } code } => new Cell(
                    code.ToString(CultureInfo.InvariantCulture),
                    code == 0 ? Tone.Good : Tone.Bad
                ),
                _ => new Cell("settled after a crash", Tone.Waiting),
            },
        ];
    }
}
