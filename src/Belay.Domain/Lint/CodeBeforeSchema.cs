namespace Belay.Domain.Lint;

/// <summary>Code of the new release starts, and gets traffic, only on a schema that it can live with.</summary>
internal static class CodeBeforeSchema
{
    public const string Code = "code-before-schema";

    public static IEnumerable<Finding> Check(Outline outline, Releases releases) =>
        from store in releases.Stores
        let window = releases.WindowOf(outline.Plan.To, store.Key)
        where window is not null
        from entry in releases.NewCode()
        let schema = store.Value.At(entry)
        where schema < window.Least || schema > window.Greatest
        select new Finding
        {
            Code = Code,
            Step = entry.Id,
            Message =
                $"'{entry.Name}' brings in release {outline.Plan.To}, which needs schema {Words.Of(window)} of {store.Key}, and the schema is {schema} then",
            Hint = "put the migration before it",
        };
}
