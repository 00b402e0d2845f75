using Belay.Engine.Ports;
using Xunit;

namespace JournalKit;

/// <summary>What every store's sealed values do.</summary>
public abstract class SealedValuesContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Theory]
    [InlineData("")]
    [InlineData("s3cret")]
    [InlineData("Grüße\n\u2028🚀")]
    public void A_sealed_value_is_unsealed_as_it_was_also_by_another_process(string value)
    {
        var name = First.SealedValues.Seal("run-1", value);

        Assert.Equal(value, Store.Open().SealedValues.Unseal("run-1", name));
        if (value.Length > 0)
            Assert.DoesNotContain(value, name, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_values_of_a_run_have_equal_names_and_others_have_others()
    {
        var name = First.SealedValues.Seal("run-1", "s3cret");

        Assert.Equal(name, Store.Open().SealedValues.Seal("run-1", "s3cret"));
        Assert.NotEqual(name, First.SealedValues.Seal("run-1", "S3cret"));
        Assert.NotEqual(name, First.SealedValues.Seal("run-2", "s3cret"));
    }

    [Fact]
    public void A_long_value_is_sealed_whole()
    {
        var value = new string('x', 3_000_000);

        Assert.Equal(value, First.SealedValues.Unseal("run-1", First.SealedValues.Seal("run-1", value)));
    }

    [Fact]
    public void When_a_run_is_closed_its_values_are_gone_and_those_of_other_runs_are_not()
    {
        var gone = First.SealedValues.Seal("run-1", "s3cret");
        var kept = First.SealedValues.Seal("run-2", "s3cret");

        First.SealedValues.Remove("run-1");
        First.SealedValues.Remove("run-1");

        var failure = Assert.Throws<JournalException>(() => First.SealedValues.Unseal("run-1", gone));
        Assert.Equal(JournalFault.Missing, failure.Fault);
        Assert.Equal("s3cret", First.SealedValues.Unseal("run-2", kept));
    }

    [Fact]
    public void The_name_of_a_value_is_not_the_same_in_another_store()
    {
        var other = new TStore();

        Assert.NotEqual(other.Open().SealedValues.Seal("run-1", "s3cret"), First.SealedValues.Seal("run-1", "s3cret"));

        Keep(other);
    }
}
