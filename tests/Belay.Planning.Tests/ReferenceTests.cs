using System.Text;
using System.Text.Json;

namespace Belay.Planning.Tests;

public sealed class ReferenceTests
{
    private static readonly Docstrings Words = Docstrings.Read(
        new MemoryStream(
            Encoding.UTF8.GetBytes(
                """
                <doc><members>
                  <member name="T:Belay.Planning.Tests.BackupInputs"><summary>What a backup needs.</summary></member>
                  <member name="P:Belay.Planning.Tests.BackupInputs.Prove">
                    <summary>How the archive is
                      proven. Default <c>restore</c>, see <see cref="T:Belay.Planning.Tests.Proof"/>.</summary>
                  </member>
                </members></doc>
                """
            )
        )
    );

    [Fact]
    public void The_page_of_an_operation_shows_its_inputs_outputs_reversal_and_touches()
    {
        var page = OperationReference.WritePages(FakeCatalog.Make(), Words)["store"];
        Assert.Contains("## store.backup\n\nSaves the store.\n", page, StringComparison.Ordinal);
        Assert.Contains("What a backup needs.", page, StringComparison.Ordinal);
        Assert.Contains("| `connection` | store connection | yes |  |", page, StringComparison.Ordinal);
        Assert.Contains(
            "| `prove` | `restore`, `checksum` | no | How the archive is proven. Default `restore`, see Proof. |",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("| `lock-limit` | duration | no |  |", page, StringComparison.Ordinal);
        Assert.Contains("| `bytes` | whole number |", page, StringComparison.Ordinal);
        Assert.Contains("Touches: `store:<connection>` (back-up)", page, StringComparison.Ordinal);
        Assert.Contains("Taken back, at worst: never.", page, StringComparison.Ordinal);
        Assert.Contains("| `password` | secret | no |  |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_for_programs_has_name_summary_kind_reversal_inputs_and_touches()
    {
        using var list = JsonDocument.Parse(OperationReference.WriteJson(FakeCatalog.Make(), Words));
        var drop = list.RootElement.EnumerateArray().Single(o => o.GetProperty("name").GetString() == "store.drop");
        Assert.Equal("Removes the store", drop.GetProperty("summary").GetString());
        Assert.Equal("change", drop.GetProperty("kind").GetString());
        Assert.Equal("never", drop.GetProperty("reversal").GetString());
        Assert.Equal(
            "store",
            drop.GetProperty("inputs")
                .GetProperty("properties")
                .GetProperty("connection")
                .GetProperty("x-belay-connection")
                .GetString()
        );
        Assert.Equal("destroy", drop.GetProperty("touches")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public void The_schema_describes_each_operation_and_lets_references_stand_for_values()
    {
        using var schema = JsonDocument.Parse(PlanSchema.Write(FakeCatalog.Make(), Words));
        Assert.Equal(
            "https://json-schema.org/draft/2020-12/schema",
            schema.RootElement.GetProperty("$schema").GetString()
        );
        var to = schema
            .RootElement.GetProperty("$defs")
            .GetProperty("store.migrate")
            .GetProperty("properties")
            .GetProperty("to");
        Assert.Equal("integer", to.GetProperty("anyOf")[0].GetProperty("type").GetString());
        Assert.Equal("string", to.GetProperty("anyOf")[1].GetProperty("type").GetString());
        var items = schema.RootElement.GetProperty("$defs").GetProperty("item").GetProperty("oneOf");
        Assert.Equal(10, items.GetArrayLength());
    }
}
