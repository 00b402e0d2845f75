using System.Text.Json;

namespace Belay.Planning.Tests;

public sealed class InputDefaultsTests
{
    [Fact]
    public void An_input_that_the_plan_leaves_out_has_the_default_of_its_type()
    {
        var inputs = (TakeInputs)
            JsonElement
                .Parse("""{"connection":"edge","server":"a","health":{"path":"/"}}""")
                .Deserialize(FakeCatalog.Make().Find("web.attach")!.Inputs)!;
        Assert.Equal(1.0, inputs.Weight);
        Assert.False(inputs.Tags.IsDefault);
        Assert.Equal(TimeSpan.FromSeconds(30), inputs.Health!.Within);
    }
}
