using System.Globalization;

namespace Belay.Rehearsal.Stories;

/// <summary>What a step was doing.</summary>
internal enum Work
{
    Apply,
    Undo,
    Restore,
    Check,
}

/// <summary>Where in its work a fault can happen.</summary>
internal enum Moment
{
    Before,
    Half,
    After,
}

/// <summary>A place of a run at which faults can happen.</summary>
internal readonly record struct Spot(string Step, Work Work, Moment Moment);

/// <summary>What can go wrong.</summary>
internal enum Harm
{
    /// <summary>The system says no.</summary>
    Fail,

    /// <summary>No answer comes back: nobody knows whether it happened.</summary>
    Lost,

    /// <summary>It hangs until it is told to stop; a person halts the run.</summary>
    Hang,

    /// <summary>Belay dies.</summary>
    Crash,

    /// <summary>A watch fails while the step works.</summary>
    Watch,

    /// <summary>The work says that it succeeded, and is not whole.</summary>
    Hollow,
}

/// <summary>One thing that goes wrong in a story, once.</summary>
internal abstract record Fault
{
    private Fault() { }

    /// <summary>At a moment of a step's work.</summary>
    internal sealed record At(Harm Harm, Spot Spot) : Fault;

    /// <summary>Belay dies before a commit of its journal, the n-th of the order that is carried out, is durable.</summary>
    internal sealed record AtCommit(int Commit) : Fault;

    /// <summary>Nothing breaks: a person halts the run once a step is done.</summary>
    internal sealed record HaltedAfter(string Step) : Fault;

    /// <summary>Steps take other times than usual, so that parallel ones meet in another order.</summary>
    internal sealed record Timing(int Seed) : Fault;

    /// <summary>The fault as an operator reads it.</summary>
    public string Words =>
        this switch
        {
            At { Harm: Harm.Fail, Spot: { Work: Work.Check } spot } => $"'{spot.Step}' cannot be asked",
            At { Harm: Harm.Fail } at => $"'{at.Spot.Step}' fails {Where(at.Spot)}",
            At { Harm: Harm.Lost } at => $"the answer of '{at.Spot.Step}' is lost {Where(at.Spot)}",
            At { Harm: Harm.Hang } at => $"'{at.Spot.Step}' hangs {Where(at.Spot)}, and a person halts the run",
            At { Harm: Harm.Crash } at => $"Belay dies at '{at.Spot.Step}', {Where(at.Spot)}",
            At { Harm: Harm.Watch } at => $"a watch fails during '{at.Spot.Step}'",
            At at => $"'{at.Spot.Step}' reports success, and its work is not whole",
            AtCommit commit => $"Belay dies before its journal's write {commit.Commit} is on the disk",
            HaltedAfter halted => $"a person halts the run once '{halted.Step}' is done",
            Timing timing => $"parallel steps meet in order {timing.Seed}",
            _ => throw new InvalidOperationException("a fault of no known kind"),
        };

    /// <summary>The fault as a part of a story's id.</summary>
    public sealed override string ToString() =>
        this switch
        {
            At at =>
                $"{Lower(at.Harm)}-{Lower(at.Spot.Moment)}{(at.Spot.Work is Work.Apply ? "" : "-" + Lower(at.Spot.Work))}:{StoryId.Escape(at.Spot.Step)}",
            AtCommit commit => string.Create(CultureInfo.InvariantCulture, $"crash-commit:{commit.Commit}"),
            HaltedAfter halted => $"halted:{StoryId.Escape(halted.Step)}",
            Timing timing => string.Create(CultureInfo.InvariantCulture, $"timing:{timing.Seed}"),
            _ => throw new InvalidOperationException("a fault of no known kind"),
        };

    /// <summary>Reads what <see cref="ToString"/> writes; null when it is none.</summary>
    public static Fault? Parse(string text)
    {
        if (text.Split(':', 2) is not [var name, var rest])
            return null;
        if (name == "halted")
            return new HaltedAfter(StoryId.Unescape(rest));
        if (name is "crash-commit" or "timing")
            return !int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null
                : name == "timing" ? new Timing(number)
                : new AtCommit(number);
        var words = name.Split('-');
        var work = Work.Apply;
        return
            words.Length is 2 or 3
            && Enum.TryParse<Harm>(words[0], ignoreCase: true, out var harm)
            && Enum.TryParse<Moment>(words[1], ignoreCase: true, out var moment)
            && (words.Length == 2 || Enum.TryParse(words[2], ignoreCase: true, out work))
            ? new At(harm, new Spot(StoryId.Unescape(rest), work, moment))
            : null;
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Where(Spot spot)
    {
        var work = spot.Work switch
        {
            Work.Undo => "its undo",
            Work.Restore => "its restore",
            _ => "its effect",
        };
        return spot.Moment switch
        {
            Moment.Before => $"before {work}",
            Moment.Half => $"half-way through {work}",
            _ => $"after {work}",
        };
    }
}
