using Belay.Domain.Contract;

namespace Belay.Domain.Lint;

/// <summary>A migration that a release cannot live with comes only after its last member left; and none may lead beyond what the new release can live with.</summary>
internal static class SchemaLeavesRelease
{
    public const string Code = "schema-leaves-release";

    public static IEnumerable<Finding> Check(Outline outline, Releases releases)
    {
        var (old, next) = (outline.Plan.From, outline.Plan.To);
        var leaving = releases.OldCodeLeaves().ToArray();
        var coming = releases.NewCode().ToArray();
        return from store in releases.Stores
            from migration in store.Value.Migrations
            let why = Why(
                old,
                releases.WindowOf(old, store.Key),
                migration.Reaches,
                () => OldRuns(migration.Step, leaving)
            ) ?? Why(next, releases.WindowOf(next, store.Key), migration.Reaches, () => NewRuns(migration.Step, coming))
            where why is not null
            select new Finding
            {
                Code = Code,
                Step = migration.Step.Id,
                Message = $"'{migration.Step.Name}' brings {store.Key} to schema {migration.Reaches}, {why}",
                Hint =
                    "migrate in two steps: first what both releases can live with, and the rest when the last old member has left",
            };
    }

    private static string? Why(string release, SchemaWindow? window, int reaches, Func<string?> runs) =>
        IsOutside(window, reaches) && runs() is { } why
            ? $"where release {release} cannot live ({Words.Of(window!)}), and {why}"
            : null;

    private static bool IsOutside(SchemaWindow? window, int version) =>
        window is not null && (version < window.Least || version > window.Greatest);

    private static string? OldRuns(Entry migration, Entry[] leaving) =>
        leaving.Length == 0 ? "no step before it takes that one out of service"
        : Array.Find(leaving, step => !step.IsDoneBefore(migration)) is { } late
            ? $"a member of it leaves only with '{late.Name}'"
        : null;

    private static string? NewRuns(Entry migration, Entry[] coming) =>
        Array.Find(coming, step => step.IsDoneBefore(migration)) is { } running
            ? $"'{running.Name}' has brought a member of it in"
            : null;
}
