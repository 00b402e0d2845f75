using Belay.Planning.Compatibility;

namespace Belay.Releases.Tests.Paths;

/// <summary>Compatibility files that are wrong: what, where, and what to do.</summary>
public sealed class CompatibilityProblemTests
{
    [Theory]
    [InlineData(
        "components: { api: { versions: [1], needs: [{ with: { bd: 2 } }] }, db: { versions: [2] } }",
        "compatibility.yaml:2:55: there is no component 'bd'; did you mean 'db'? [component]"
    )]
    [InlineData(
        "components: { api: { versions: [1], needs: [{ with: { db: '>=3' } }] }, db: { versions: [2] } }",
        "compatibility.yaml:2:59: no version of db lies in '>=3'; its versions: 2 [version]"
    )]
    [InlineData(
        "components: { api: { versions: [1], needs: [{ with: { api: 1 } }] } }",
        "compatibility.yaml:2:55: api cannot need itself; how far one step may lead is said by 'stride' or 'moves' [component]"
    )]
    [InlineData(
        "components: { api: { versions: [one] } }",
        "compatibility.yaml:2:33: expected a version such as 4.2.0, not 'one' [wrong-value]"
    )]
    [InlineData(
        "components: { api: { versions: [1.0, 1.0.0] } }",
        "compatibility.yaml:2:38: the version 1.0.0 stands twice, as 1.0 too [wrong-value]"
    )]
    [InlineData(
        "components: { api: { versions: [1], stride: one-mayor } }",
        "compatibility.yaml:2:37: there is no stride 'one-mayor'; did you mean 'one-major'? [wrong-value]"
    )]
    [InlineData(
        "components: { api: { versions: [1], needs: [{ with: { db: { least: 3, greatest: 2 } } }] }, db: { versions: [2] } }",
        "compatibility.yaml:2:59: the window ends at 2, before it begins at 3; least is the oldest version that works, greatest the newest [wrong-value]"
    )]
    [InlineData(
        "components: { api: { versions: [1] } }\nnow: { api: 2 }",
        "compatibility.yaml:3:13: api has no version 2; its versions: 1 [version]"
    )]
    [InlineData(
        "components: { api: { versions: [1], moves: [{ from: old, to: 1 }] } }",
        "compatibility.yaml:2:53: expected a range such as >=5, <6 or ^4.2 or 1.2 - 1.4, not 'old' [wrong-value]"
    )]
    [InlineData(
        "components: { api: { versions: [1], need: [] } }",
        "compatibility.yaml:2:37: unknown key 'need'; did you mean 'needs'? [unknown-key]"
    )]
    [InlineData(
        "component: {}",
        "compatibility.yaml:1:1: 'components' is missing; it is what has a version of its own [missing-key]"
    )]
    [InlineData(
        "components: { api: { versions: [1] } }",
        "compatibility.yaml:1:1: nothing says what shall run in the end; give --want COMPONENT=VERSION, or 'want' in the file [missing-key]"
    )]
    public void It_says_what_is_wrong_where_and_what_to_do(string yaml, string problem) =>
        Assert.Equal(
            problem,
            Assert
                .IsType<CompatibilityResult.Refused>(CompatibilityFiles.Read($"belay: 1\n{yaml}\n"))
                .Diagnostics[0]
                .ToString()
        );
}
