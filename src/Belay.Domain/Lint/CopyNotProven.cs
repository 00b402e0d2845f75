using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>Traffic goes to a copy of a store only after a check has proven that both hold the same, and only when the source takes no writes any more.</summary>
internal static class CopyNotProven
{
    public const string Code = "copy-not-proven";

    public const string WritersCode = "two-writers";

    public static IEnumerable<Finding> Check(Outline outline)
    {
        var state = new State(outline.Members);
        foreach (var entry in outline.Entries.Where(entry => !entry.Touches.IsEmpty))
        {
            foreach (var touch in entry.Touches)
            {
                if (touch.Kind == TouchKind.RouteTo)
                {
                    foreach (var finding in state.Route(entry, touch))
                        yield return finding;
                }
                state.Take(entry, touch);
            }
        }
    }

    private sealed class State(MemberRoles members)
    {
        private readonly Dictionary<string, (string Source, Entry By)> copies = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Entry> proven = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Entry> closed = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (string Writer, Entry By)> writers = new(StringComparer.Ordinal);

        public void Take(Entry entry, Touch touch)
        {
            var member = members.Of(touch.Resource);
            switch (touch.Kind)
            {
                case TouchKind.Read when touch is { Proves: Proof.Same, Copies: { } source }:
                    proven[$"{members.Of(source)} {member}"] = entry;
                    break;
                case TouchKind.Freeze or TouchKind.RouteAway or TouchKind.Destroy:
                    closed[member] = entry;
                    break;
                case not TouchKind.Read when touch.Copies is { } source:
                    copies[member] = (source, entry);
                    break;
            }
            if (touch.Writer is { } writer)
                writers[member] = (writer, entry);
        }

        public IEnumerable<Finding> Route(Entry entry, Touch touch)
        {
            var member = members.Of(touch.Resource);
            if (
                touch.Writer is { } writer
                && writers.TryGetValue(member, out var other)
                && other.Writer != writer
                && other.By.MayRunBeside(entry)
            )
                yield return Writers(
                    entry,
                    $"'{entry.Name}' and '{other.By.Name}' give {touch.Resource} two writers at the same time"
                );
            if (!copies.TryGetValue(member, out var copy))
                yield break;
            var from = members.Of(copy.Source);
            if (
                !(
                    proven.TryGetValue($"{from} {member}", out var proof)
                    && proof.IsDoneBefore(entry)
                    && copy.By.IsDoneBefore(proof)
                )
            )
                yield return new Finding
                {
                    Code = Code,
                    Step = entry.Id,
                    Message =
                        $"'{entry.Name}' routes to {touch.Resource}, a copy of {copy.Source} that no check has compared with it",
                    Hint = $"check behind '{copy.By.Id}' that both hold the same",
                };
            if (!IsClosed(entry, from))
                yield return Writers(
                    entry,
                    $"'{entry.Name}' lets {touch.Resource} take writes while {copy.Source}, which it copies, still takes them too"
                );
        }

        private bool IsClosed(Entry entry, string source) =>
            entry.Touches.Any(t =>
                t.Kind is TouchKind.Freeze or TouchKind.RouteAway or TouchKind.Destroy
                && members.Of(t.Resource) == source
            ) || (closed.TryGetValue(source, out var by) && by.IsDoneBefore(entry));

        private static Finding Writers(Entry entry, string message) =>
            new()
            {
                Code = WritersCode,
                Step = entry.Id,
                Message = message,
                Hint = "freeze or leave the old one first: a store has one writer at any time",
            };
    }
}
