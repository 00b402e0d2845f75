using System.Globalization;
using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Journal;
using Belay.Domain.Plans;
using Belay.Domain.Readings;

namespace SimulatedWorld.Lives.Judges;

/// <summary>What stands in the place of references.</summary>
internal sealed class Inputs(Session session)
{
    private readonly Dictionary<string, (FailureKind Kind, string? Why, bool IsSure)> owed = new(
        StringComparer.Ordinal
    );

    public void Judge(Talk talk, Item item, JsonElement made)
    {
        var (with, suffix) = (
            item is DoItem change ? change.With : ((CheckItem)item).With,
            PlanOrder.Split(talk.Step).Suffix
        );
        if (Resolved(with, suffix) is not { } right || !Json.Same(right, made))
            session.Accuse($"{talk.Step} works with {made}");
    }

    /// <summary>A step has to fail, for its target could not be asked.</summary>
    public void Owe(string step, FailureKind kind, string? why, bool isSure) => owed[step] = (kind, why, isSure);

    /// <summary>Nothing is owed when the session ends.</summary>
    public void End()
    {
        foreach (var (step, debt) in owed.Where(known => known.Value.IsSure))
            session.Accuse($"{step} failed over '{debt.Why}', and that is not journaled");
    }

    /// <summary>A step that failed while no operation of it was in use.</summary>
    public void JudgeFailed(StepFailed failed)
    {
        if (owed.Remove(failed.Step, out var debt))
        {
            if (failed.Failure != debt.Kind || (debt.Why is not null && failed.Why != debt.Why))
                session.Accuse($"{failed.Step} failed as {debt.Kind} over '{debt.Why}', and {failed} is journaled");
            session.Add(HaltCause.StepFailed, failed.Step, failed.Why, PlanOrder.Split(failed.Step).Suffix);
            return;
        }
        if (
            session.ItemOf<DoItem>(failed.Step) is { } item
            && Resolved(item.With, PlanOrder.Split(failed.Step).Suffix) is not null
        )
        {
            session.Accuse($"{failed.Step} failed, and nothing was asked of it");
        }
        else if (
            session.ItemOf<CheckItem>(failed.Step) is { } check
            && Resolved(check.With, PlanOrder.Split(failed.Step).Suffix) is not null
        )
        {
            session.Accuse($"{failed.Step} failed, and nothing was asked of it");
        }
        if (
            failed.Failure
            != (session.ItemOf<Item>(failed.Step) is CheckItem ? FailureKind.OutcomeUnknown : FailureKind.Refused)
        )
            session.Accuse($"{failed.Step} has inputs that nobody can resolve, and failed as {failed.Failure}");
        session.Add(
            session.ItemOf<Item>(failed.Step) is CheckItem ? HaltCause.CheckFailed : HaltCause.StepFailed,
            failed.Step,
            failed.Why,
            PlanOrder.Split(failed.Step).Suffix
        );
    }

    /// <summary>The inputs with every reference in its place; null: one has no value.</summary>
    /// <param name="isLook">What is not known yet stays as it stands.</param>
    public JsonElement? Resolved(JsonElement with, string suffix, bool isLook = false)
    {
        try
        {
            return References.Resolve(with, reference => ValueOf(reference, suffix, isLook));
        }
        catch (Exception e) when (e is KeyNotFoundException or ReferenceException)
        {
            return null;
        }
    }

    private JsonElement? ValueOf(Reference reference, string suffix, bool isLook)
    {
        switch (reference.Root)
        {
            case "secret":
                return JsonSerializer.SerializeToElement(
                    new Dictionary<string, string>
                    {
                        [SecretMarker.Name] = session.Stage.Systems.Secrets[reference.Path[0]],
                    }
                );
            case "run" when reference.Path is ["id"]:
                return JsonSerializer.SerializeToElement(Stage.Run);
            case "run":
                return JsonSerializer.SerializeToElement(
                    session.Reading.StartedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                );
            case "steps":
                var step = Suffixes(suffix)
                    .Select(of => session.Reading.Find(reference.Path[0] + of))
                    .FirstOrDefault(known => known is not null);
                if (step is { State: StepState.Done, After: { } after })
                    return Inside(session.Unsealed(after), reference.Path.Skip(1));
                return isLook ? null : throw new KeyNotFoundException();
            default:
                return Inside(Member(reference.Root, suffix), reference.Path);
        }
    }

    private JsonElement Member(string variable, string suffix)
    {
        var key = suffix.Split('@')[^1];
        var loops = session
            .Plan.AllItems()
            .OfType<EachItem>()
            .Where(each => each.Variable == variable && suffix.Length > 0);
        foreach (var each in loops)
        {
            if (
                session.Reading.Find(each.Id)?.Members is { } members
                && members.FirstOrDefault(member => member.Key == key) is { } member
            )
                return member.Value;
            if (
                each.Over.ValueKind == JsonValueKind.Array
                && each
                    .Over.EnumerateArray()
                    .Select((value, index) => (Value: (JsonElement?)value, Key: Loops.KeyOf(value, index)))
                    .FirstOrDefault(member => member.Key == key)
                    .Value
                    is { } own
            )
                return own;
        }
        throw new KeyNotFoundException();
    }

    private static JsonElement Inside(JsonElement value, IEnumerable<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                value =
                    int.Parse(name, CultureInfo.InvariantCulture) is var at && at < value.GetArrayLength()
                        ? value[at]
                        : throw new KeyNotFoundException();
            }
            else if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                throw new KeyNotFoundException();
            }
        }
        return value;
    }

    private static IEnumerable<string> Suffixes(string suffix) => suffix.Length == 0 ? [""] : [suffix, ""];
}
