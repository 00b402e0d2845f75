using System.Collections.Immutable;

namespace Belay.Rehearsal.Tests;

/// <summary>Who catches a wrong plan, and by which codes: a line of <c>plans/expected.txt</c>.</summary>
internal sealed record Expectation(string Plan, ImmutableSortedSet<string> Lint, ImmutableSortedSet<string> Rehearsal)
{
    public static ImmutableArray<Expectation> All { get; } =
    [
        .. File.ReadLines(Plans.PathOf("plans/expected.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(parts => new Expectation(parts[0], Codes(parts[1]), Codes(parts[2]))),
    ];

    public override string ToString() => $"{Plan} | {Words(Lint)} | {Words(Rehearsal)}";

    private static string Words(ImmutableSortedSet<string> codes) => codes.IsEmpty ? "-" : string.Join(' ', codes);

    private static ImmutableSortedSet<string> Codes(string words) =>
        words == "-" ? [] : [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
