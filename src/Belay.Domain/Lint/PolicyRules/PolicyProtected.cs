using Belay.Domain.Contract;
using Belay.Domain.Environments;

namespace Belay.Domain.Lint.PolicyRules;

/// <summary>No plan destroys what the environment protects.</summary>
/// <remarks>A name of which the run still has to fill in a part is refused when it could become a protected one.</remarks>
internal static class PolicyProtected
{
    public const string Code = "policy-protected";

    public static IEnumerable<Finding> Check(Outline outline, Policies policies) =>
        policies.Protected.IsEmpty
            ? []
            : from entry in outline.Entries
            from touch in entry.Touches
            where touch.Kind == TouchKind.Destroy
            let pattern = policies.Protected.FirstOrDefault(pattern => Reaches(pattern, touch.Resource))
            where pattern is not null
            select new Finding
            {
                Code = Code,
                Step = entry.Id,
                Message = $"'{entry.Name}' ends {touch.Resource}, which the environment protects ({pattern})",
                Hint = "leave it; or let a person accept it by name in the environment file",
            };

    /// <summary>Whether a pattern with <c>*</c>, and a name with <c>${...}</c>, can mean the same; what lies inside a protected resource is protected too.</summary>
    private static bool Reaches(string pattern, string resource) =>
        ResourceNames.WithParents(resource).Any(name => ResourcePattern.MayMatch(pattern, name));
}
