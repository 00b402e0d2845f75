using System.Text.RegularExpressions;
using Belay.Domain.Operations;
using Belay.Domain.Plans;
using Belay.Planning.Inputs;

namespace Belay.Planning.Scopes;

/// <summary>All steps by id, and the references between them, which are checked once the whole plan is read.</summary>
internal sealed partial class StepTable(Problems problems, Shapes shapes)
{
    private readonly Dictionary<string, StepPlace> places = [];
    private readonly Dictionary<string, string> leftOut = [];
    private readonly List<Pending> pending = [];
    private string[]? ids;

    /// <summary>Gives an item its place; an id that is used already is reported.</summary>
    public StepPlace Add(StepPlace? parent, string id, SourcePosition at)
    {
        var place = new StepPlace(parent, id, at, places.Count);
        if (!places.TryAdd(id, place))
            problems.Report(
                DiagnosticCodes.StepId,
                at,
                $"the id '{id}' is used twice",
                $"the first is at {places[id].At}; give one of them another 'id'"
            );
        return place;
    }

    public void AddLeftOut(string id, string why) => leftOut.TryAdd(id, why);

    /// <summary>Checks that an id can be referred to.</summary>
    public bool IsId(string id, SourcePosition at)
    {
        if (Id().IsMatch(id))
            return true;
        problems.Report(
            DiagnosticCodes.StepId,
            at,
            $"'{id}' is no id",
            "an id begins with a letter and has letters, digits, '-' and '_'; words for people go under 'name'"
        );
        return false;
    }

    /// <summary>A reference to an output.</summary>
    public void Refer(Reference reference, SourcePosition at, StepPlace from, bool secretFits) =>
        pending.Add(new Pending(reference.Path[0], reference, at, from, secretFits));

    /// <summary>A step that is named by its id alone.</summary>
    public void Name(string id, SourcePosition at, StepPlace from) =>
        pending.Add(new Pending(id, null, at, from, SecretFits: false));

    /// <summary>Checks all references.</summary>
    public void Check()
    {
        foreach (var one in pending)
        {
            if (!places.TryGetValue(one.Id, out var target))
                ReportUnknown(one);
            else if (one.Reference is not null)
                CheckOutput(one, one.Reference, target);
        }
    }

    private void ReportUnknown(Pending one)
    {
        if (WhyLeftOut(one.Id) is { } why)
        {
            problems.Report(
                DiagnosticCodes.Reference,
                one.At,
                $"the step '{one.Id}' is left out: {why}",
                "leave this out under the same 'when'"
            );
            return;
        }
        ids ??= [.. places.Keys.Where(id => Id().IsMatch(id))];
        problems.Report(
            DiagnosticCodes.Reference,
            one.At,
            $"there is no step '{one.Id}'",
            problems.Nearest.Hint(one.Id, ids, "steps") ?? "give the step that is meant an 'id'"
        );
    }

    private string? WhyLeftOut(string id) =>
        leftOut.TryGetValue(id, out var why)
            ? why
            : leftOut.FirstOrDefault(l => id.StartsWith($"{l.Key}-", StringComparison.Ordinal)).Value;

    private void CheckOutput(Pending one, Reference reference, StepPlace target)
    {
        if (target.Operation is not { } operation)
        {
            Report(one, $"'{one.Id}' has no outputs", "only a change and a check have");
        }
        else if (target == one.From)
        {
            Report(one, $"'{one.Id}' refers to itself", null);
        }
        else if (target.Ordinal > one.From.Ordinal)
        {
            Report(
                one,
                $"the step '{one.Id}' comes later, in line {target.At.Line}",
                "refer to steps that come before"
            );
        }
        else if (Between(target, one.From) is { } between)
        {
            Report(one, between, null);
        }
        else
        {
            CheckField(one, reference, operation);
        }
    }

    /// <summary>Why the target's output is not known at the other place although it comes before; null when it is.</summary>
    private static string? Between(StepPlace target, StepPlace from)
    {
        var (a, b) = (target, from);
        StepPlace? loop = null;
        while (a.Parent != b.Parent)
        {
            var up = a.Depth >= b.Depth;
            (a, b) = up ? (a.Parent!, b) : (a, b.Parent!);
            if (a == b)
                return null;
            if (up && a.Group == GroupKind.Loop)
                loop = a;
        }
        if (a.Parent is { Group: GroupKind.Parallel } parallel)
            return $"the step '{target.Id}' runs at the same time, in the parallel group of line {parallel.At.Line}";
        return loop is null
            ? null
            : $"the step '{target.Id}' runs once for each member of the loop '{loop.Id}': outside of it there is no one output";
    }

    private void CheckField(Pending one, Reference reference, OperationDefinition operation)
    {
        var shape = shapes.Of(operation.State);
        foreach (var name in reference.Path.Skip(1))
        {
            var inner = Inside(shape, name);
            if (inner is null)
            {
                Report(
                    one,
                    $"{reference}: {operation.Name} has no output '{name}'",
                    problems.Nearest.Hint(name, shape is Shape.Record known ? known.Members.Keys : [], "outputs")
                );
                return;
            }
            shape = inner;
        }
        if (shape is Shape.Secret && !one.SecretFits)
            problems.Report(DiagnosticCodes.Secret, one.At, $"{reference} is a secret, and would be seen here");
    }

    private static Shape? Inside(Shape shape, string name) =>
        shape switch
        {
            Shape.Record record => record.Members.GetValueOrDefault(name)?.Shape,
            Shape.Map map => map.Value,
            Shape.List list when int.TryParse(name, out _) => list.Element,
            Shape.Any => shape,
            _ => null,
        };

    private void Report(Pending one, string message, string? hint) =>
        problems.Report(DiagnosticCodes.Reference, one.At, message, hint);

    private sealed record Pending(string Id, Reference? Reference, SourcePosition At, StepPlace From, bool SecretFits);

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
