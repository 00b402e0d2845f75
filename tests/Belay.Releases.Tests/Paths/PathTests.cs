using System.Diagnostics;
using System.Globalization;
using System.Text;
using Belay.Planning.Compatibility;
using Belay.Releases.Paths;

namespace Belay.Releases.Tests.Paths;

/// <summary>What <c>belay path</c> answers for files as people write them.</summary>
public sealed class PathTests
{
    [Fact]
    public void The_order_is_the_one_in_which_everything_works_with_everything() =>
        Assert.Equal(
            ["postgres 13.4 -> 14.2", "shop-schema 41 -> 42 | worker 2.0.0 -> 2.1.0", "api 4.1.0 -> 5.0.0"],
            Path(
                """
                belay: 1
                components:
                  postgres: { versions: ["13.4", "14.2"] }
                  shop-schema:
                    versions: [41, 42]
                    needs: [{ versions: 42, with: { postgres: ">=14" } }]
                  worker:
                    versions: [2.0.0, 2.1.0]
                    needs: [{ versions: 2.1.0, with: { postgres: ">=14" } }]
                  api:
                    versions: [4.1.0, 5.0.0]
                    needs:
                      - { versions: "<5", with: { shop-schema: { least: 41, greatest: 42 } } }
                      - { versions: ">=5", with: { shop-schema: { least: 42 }, worker: ">=2.1" } }
                now: { postgres: "13.4", shop-schema: 41, worker: 2.0.0, api: 4.1.0 }
                want: { api: 5.0.0 }
                """
            )
        );

    [Fact]
    public void A_version_in_between_is_taken_where_the_neighbours_ask_for_it() =>
        Assert.Equal(
            ["api 1.0 -> 1.5", "db 9 -> 10", "api 1.5 -> 2.0"],
            Path(
                """
                belay: 1
                components:
                  db: { versions: [9, 10] }
                  api:
                    versions: ["1.0", "1.5", "2.0"]
                    needs:
                      - { versions: "1.0", with: { db: 9 } }
                      - { versions: "2.0", with: { db: 10 } }
                now: { db: 9, api: "1.0" }
                want: { api: "2.0" }
                """
            )
        );

    [Fact]
    public void One_major_version_at_a_time_leads_through_each() =>
        Assert.Equal(
            ["db 13.2 -> 14.9", "db 14.9 -> 15.1"],
            Path(
                """
                belay: 1
                components: { db: { versions: ["13.2", "13.9", "14.1", "14.9", "15.1"], stride: one-major } }
                now: { db: "13.2" }
                want: { db: "15.1" }
                """
            )
        );

    [Fact]
    public void What_is_not_there_is_brought_in_when_it_is_needed() =>
        Assert.Equal(
            ["queue not there -> 3.1", "api 1 -> 2"],
            Path(
                """
                belay: 1
                components:
                  queue: { versions: ["3.1"] }
                  api: { versions: [1, 2], needs: [{ versions: 2, with: { queue: "^3" } }] }
                now: { api: 1 }
                want: { api: ^2 }
                """
            )
        );

    [Fact]
    public void Two_that_wait_for_each_other_are_named_with_their_places_and_nothing_else() =>
        Assert.Equal(
            [
                "compatibility.yaml:5:57: a 2 needs b 2",
                "compatibility.yaml:6:57: b 2 needs a 2",
                "compatibility.yaml:8:9: a 2 is wanted, and 1 runs now",
            ],
            Contradiction(
                """
                belay: 1
                components:
                  c: { versions: [1, 2], stride: next }
                  d: { versions: [1, 2], needs: [{ versions: 2, with: { c: 2 } }] }
                  a: { versions: [1, 2], needs: [{ versions: 2, with: { b: 2 } }] }
                  b: { versions: [1, 2], needs: [{ versions: 2, with: { a: 2 } }] }
                now: { a: 1, b: 1, c: 1, d: 1 }
                want: { a: 2, d: 2 }
                """
            )
        );

    [Fact]
    public void What_does_not_work_together_now_is_said() =>
        Assert.Contains(
            "a needs b >=2",
            Assert.Single(
                Contradiction(
                    """
                    belay: 1
                    components:
                      a: { versions: [1, 2], needs: [{ with: { b: ">=2" } }] }
                      b: { versions: [1, 2] }
                    now: { a: 1, b: 1 }
                    want: { a: 2 }
                    """
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void No_step_leads_back() =>
        Assert.Equal(
            "a 1 is wanted, and 2 runs now",
            Assert
                .Single(
                    Contradiction("belay: 1\ncomponents: { a: { versions: [1, 2] } }\nnow: { a: 2 }\nwant: { a: 1 }\n")
                )
                .Split(": ")[^1]
        );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sixty_components_of_five_versions_are_answered_at_once(bool isImpossible)
    {
        var (facts, wants) = Read(Large(isImpossible));
        // The first time a program is compiled while it runs; that is no part of the search.
        UpgradePaths.Find(facts, wants);
        var watch = Stopwatch.StartNew();
        var answer = UpgradePaths.Find(facts, wants);
        // A second on a machine that does nothing else; tests run beside others.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        TestContext.Current.SendDiagnosticMessage($"{watch.ElapsedMilliseconds} ms");
        if (isImpossible)
        {
            // There are several sets; each has the one statement without which there is a path.
            Assert.Contains(
                "c30 3 needs c31 >=3",
                Assert.IsType<PathAnswer.None>(answer).Statements.Select(statement => statement.Text)
            );
        }
        else
        {
            Assert.Equal(240, Assert.IsType<PathAnswer.Found>(answer).Steps);
        }
    }

    /// <summary>A chain of services: each version needs the same one of the two before it, or the next; and where it is impossible one waits for the one that waits for it.</summary>
    private static string Large(bool isImpossible)
    {
        var file = new StringBuilder("belay: 1\ncomponents:\n");
        for (var i = 0; i < 60; i++)
        {
            file.Append(
                CultureInfo.InvariantCulture,
                $"  c{i:00}:\n    versions: [1, 2, 3, 4, 5]\n    stride: one-major\n    needs:\n"
            );
            for (var version = 1; i > 0 && version <= 5; version++)
            {
                var window = $"{{ least: {version}, greatest: {version + 1} }}";
                var others = Enumerable
                    .Range(Math.Max(0, i - 2), Math.Min(2, i))
                    .Select(other => $"c{other:00}: {window}");
                file.Append(
                    CultureInfo.InvariantCulture,
                    $"      - {{ versions: {version}, with: {{ {string.Join(", ", others)} }} }}\n"
                );
            }
            file.Append(
                i == 0 ? "      []\n"
                : i == 30 && isImpossible ? "      - { versions: 3, with: { c31: '>=3' } }\n"
                : ""
            );
        }
        var now = string.Join(", ", Enumerable.Range(0, 60).Select(i => $"c{i:00}: 1"));
        return file.Append(CultureInfo.InvariantCulture, $"now: {{ {now} }}\nwant: {{ c00: 5, c31: 5, c59: 5 }}\n")
            .ToString();
    }

    private static IEnumerable<string> Path(string yaml)
    {
        var (facts, wants) = Read(yaml);
        return Assert
            .IsType<PathAnswer.Found>(UpgradePaths.Find(facts, wants))
            .Stages.Select(stage =>
                string.Join(" | ", stage.Select(step => $"{step.Component} {step.From ?? "not there"} -> {step.To}"))
            );
    }

    private static IEnumerable<string> Contradiction(string yaml)
    {
        var (facts, wants) = Read(yaml);
        return Assert
            .IsType<PathAnswer.None>(UpgradePaths.Find(facts, wants))
            .Statements.Select(statement => statement.ToString())
            .Select(line => line[(line.LastIndexOf('/') + 1)..]);
    }

    private static CompatibilityResult.Loaded Read(string yaml)
    {
        var result = CompatibilityFiles.Read(yaml);
        if (result is CompatibilityResult.Refused refused)
            Assert.Fail(string.Join('\n', refused.Diagnostics));
        return (CompatibilityResult.Loaded)result;
    }
}
