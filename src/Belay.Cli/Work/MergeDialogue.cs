using System.Collections.Immutable;
using Belay.Domain.Json;
using Belay.Releases.Merging;

namespace Belay.Cli.Work;

/// <summary>Asks a person about each open conflict and each placeholder.</summary>
/// <param name="answers">What the person types.</param>
/// <param name="questions">Where the person reads.</param>
internal sealed class MergeDialogue(TextReader answers, TextWriter questions)
{
    /// <summary>What was answered; what was skipped stays open.</summary>
    public ImmutableArray<Decision> Ask(MergeResult result)
    {
        var decided = ImmutableArray.CreateBuilder<Decision>();
        foreach (var conflict in result.Open)
        {
            if (Ask(conflict) is { } decision)
                decided.Add(decision);
        }
        var keys = decided.Select(decision => decision.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var left in result.Placeholders.Where(left => !keys.Contains(left.Key)))
        {
            Say($"{left.Key} is to be filled in ({left.Text})");
            if (Line("value, empty to skip: ") is { Length: > 0 } value)
                decided.Add(new Decision { Key = left.Key, Value = value });
        }
        return decided.ToImmutable();
    }

    private Decision? Ask(MergeConflict conflict)
    {
        Say($"{conflict.Key}: {MergeText.Why(conflict.Kind)}");
        Say($"  old   {conflict.Old ?? "(not there)"}");
        Say($"  mine  {conflict.Mine ?? "(not there)"}");
        Say($"  new   {conflict.New ?? "(not there)"}");
        if (conflict.PerhapsNow is { } now)
            Say($"  perhaps it is called {now} now");
        while (true)
        {
            switch (Line($"[m]ine, [n]ew, {(conflict.IsList ? "[b]oth, " : "")}[v]alue, [s]kip: "))
            {
                case "m" or "mine":
                    return Taken(conflict, Take.Mine);
                case "n" or "new":
                    return Taken(conflict, Take.New);
                case "b" or "both" when conflict.IsList:
                    return Taken(conflict, Take.Both);
                case "v" or "value" when Line("value: ") is { Length: > 0 } value:
                    return new Decision { Key = conflict.Key, Value = value };
                case null or "s" or "skip":
                    return null;
                default:
                    continue;
            }
        }
    }

    private Decision Taken(MergeConflict conflict, Take take) =>
        new()
        {
            Key = conflict.Key,
            Take = take,
            Reason = Line("why (for the next release), may be empty: "),
        };

    private void Say(string line) => questions.WriteLine(VisibleText.Of(line));

    private string? Line(string question)
    {
        questions.Write(question);
        questions.Flush();
        return answers.ReadLine()?.Trim();
    }
}
