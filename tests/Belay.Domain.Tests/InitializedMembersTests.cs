using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Domain.Tests;

public sealed class InitializedMembersTests
{
    [Fact]
    public void Inputs_that_are_left_out_have_the_value_of_their_initializer()
    {
        var inputs = Read("""{ "name": "x", "inner": { } }""");

        Assert.Equal(TimeSpan.FromMinutes(10), inputs.Limit);
        Assert.Empty(inputs.Words);
        Assert.Equal(3, inputs.Inner!.Times);
    }

    [Fact]
    public void Inputs_that_are_given_have_the_given_value()
    {
        var inputs = Read("""{ "name": "x", "limit": "1s", "words": ["a"], "inner": { "times": 5 } }""");

        Assert.Equal(TimeSpan.FromSeconds(1), inputs.Limit);
        Assert.Equal(["a"], inputs.Words);
        Assert.Equal(5, inputs.Inner!.Times);
    }

    [Theory]
    [InlineData("{ }")]
    [InlineData("""{ "name": null }""")]
    [InlineData("""{ "name": "x", "nmae": "y" }""")]
    [InlineData("""{ "name": "x", "limit": 5 }""")]
    [InlineData("""{ "name": "x", "inner": { "tims": 5 } }""")]
    public void Inputs_that_miss_a_member_or_have_a_wrong_one_are_still_refused(string json) =>
        Assert.Throws<JsonException>(() => Read(json));

    private static SampleInputs Read(string json)
    {
        SampleInputs? read = null;
        var definition = Define.Change<SampleInputs, SampleInputs>(
            "sample.read",
            "Reads its inputs",
            options => new SampleJson(options),
            Reversal.Exact,
            inputs =>
            {
                read = inputs;
                return [];
            },
            (_, _) => throw new NotSupportedException()
        );
        _ = definition.TouchesOf(JsonElement.Parse(json));
        return read!;
    }
}

public sealed record SampleInputs
{
    public required string Name { get; init; }

    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    public ImmutableArray<string> Words { get; init; } = [];

    public SampleInner? Inner { get; init; }
}

public sealed record SampleInner
{
    public int Times { get; init; } = 3;
}

[JsonSerializable(typeof(SampleInputs))]
internal sealed partial class SampleJson : JsonSerializerContext;
