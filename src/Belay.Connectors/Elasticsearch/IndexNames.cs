using System.Text;
using Belay.Domain.Operations;

namespace Belay.Connectors.Elasticsearch;

/// <summary>The names of indices and aliases, and of the resources that they are. Pure.</summary>
/// <remarks>The rules: https://www.elastic.co/guide/en/elasticsearch/reference/8.15/indices-create-index.html#indices-create-api-path-params. They also keep patterns, which mean several indices, out of paths.</remarks>
internal static class IndexNames
{
    private const string NeverInNames = "\\/*?\"<>| ,#:";
    private const string NeverFirst = "-_+";
    private const int LongestName = 255;

    /// <summary>The resource of an index or an alias. Equally named indices of two clusters are two members: the connection belongs to the name.</summary>
    public static string Resource(string connection, string name) => $"elasticsearch:{name}@{connection}";

    /// <summary>What is wrong with inputs that name indices or aliases.</summary>
    public static IEnumerable<InputProblem> Problems(params (string Member, string? Name)[] names) =>
        from pair in names
        where pair.Name is not null
        let problem = ProblemOf(pair.Name!)
        where problem is not null
        select new InputProblem(pair.Member, problem);

    private static string? ProblemOf(string name) =>
        name.Length == 0 || name is "." or ".." ? "a name of an index or an alias is expected"
        : name.Any(c => NeverInNames.Contains(c, StringComparison.Ordinal) || char.IsUpper(c))
        || NeverFirst.Contains(name[0], StringComparison.Ordinal)
            ? $"'{name}' is no name of one index or alias: it is in lower case, begins with none of {NeverFirst}, and has none of {NeverInNames}"
        : Encoding.UTF8.GetByteCount(name) > LongestName ? $"is longer than {LongestName} bytes"
        : null;
}
