using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Environments;
using Xunit;

namespace JournalKit;

/// <summary>What every store knows of the systems of environments.</summary>
public abstract class IdentitiesContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task Of_an_environment_that_was_never_used_nothing_is_known() =>
        Assert.Empty((await First.Identities.ReadAsync("production", Ct)).Systems);

    [Fact]
    public async Task What_is_known_is_known_to_other_processes_too_and_to_that_environment_alone()
    {
        var known = new EnvironmentIdentity
        {
            Systems = ImmutableSortedDictionary<string, KnownSystem>
                .Empty.Add("cache", new KnownSystem { Id = "abc", Since = DateTimeOffset.UnixEpoch })
                .Add(
                    "db",
                    new KnownSystem
                    {
                        Id = "7401",
                        Since = DateTimeOffset.UnixEpoch.AddDays(1),
                        Accepted = new AcceptedSystem
                        {
                            By = "anna",
                            Reason = "moved \"over\"",
                            Was = "7400",
                        },
                    }
                ),
        };

        await First.Identities.WriteAsync("production", EnvironmentIdentity.None, Ct);
        await First.Identities.WriteAsync("production", known, Ct);

        var read = await Store.Open().Identities.ReadAsync("production", Ct);
        Assert.Equal(JsonSerializer.Serialize(known), JsonSerializer.Serialize(read));
        Assert.Empty((await First.Identities.ReadAsync("staging", Ct)).Systems);
    }
}
