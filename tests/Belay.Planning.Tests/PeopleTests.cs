using System.Collections.Immutable;

namespace Belay.Planning.Tests;

public sealed class PeopleTests
{
    [Fact]
    public void Keys_their_revocation_and_signatures_are_read_as_they_are_written()
    {
        var plan = Path.Combine(AppContext.BaseDirectory, "cases", "people.yaml");

        var read = PlanLoader.Load(
            plan,
            "people",
            ImmutableDictionary<string, string>.Empty,
            FakeCatalog.Make(),
            _ => null
        );

        var environment = Assert.IsType<LoadResult.Loaded>(read).Environment;
        var key = environment.Signers.KeyOf("ben")!;
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero), environment.Signers.RevokedAt(key));
        var signature = Assert.Single(environment.House.Acceptances).Signature!;
        Assert.Equal(key.Id, signature.Key);
        Assert.Equal("MEYCIQDM7Q==", signature.Value);
        Assert.Equal(21, signature.On.Day);
    }
}
