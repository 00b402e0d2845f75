using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Evidence;

public sealed class AttestedRunTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly OtherRun other = new();

    public AttestedRunTests() => folder.Write("plan/owner.pub", other.Key.Public.Pem);

    public void Dispose()
    {
        other.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_run_that_ended_as_demanded_lets_the_plan_go_on() =>
        Assert.Equal("", await WhyNotAsync(other.Attestation()));

    [Fact]
    public async Task Another_environment_is_no_staging() =>
        Assert.Contains(
            "on the environment 'preview' and not 'staging'",
            await WhyNotAsync(other.Attestation(environment: "preview")),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_run_that_was_abandoned_has_not_proven_the_release() =>
        Assert.Contains(
            "ended as 'Abandoned'",
            await WhyNotAsync(other.Attestation(end: new RunAbandoned("anna", "enough"))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_run_that_has_not_ended_is_none() =>
        Assert.Contains(
            "'Running'",
            await WhyNotAsync(other.Attestation(end: new HaltRequested("anna", "lunch"))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task An_old_run_is_told_with_its_age() =>
        Assert.Contains(
            "ended 31d ago, and 30d are the most",
            await WhyNotAsync(other.Attestation(age: TimeSpan.FromDays(31))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_run_that_ended_in_the_future_tells_of_a_wrong_clock() =>
        Assert.Contains(
            "wrong clock",
            await WhyNotAsync(other.Attestation(age: TimeSpan.FromHours(-2))),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task The_word_of_another_key_proves_nothing()
    {
        using var stranger = SigningKey.New();
        Assert.Contains(
            "none of the keys that count signed it",
            await WhyNotAsync(other.Attestation(signer: stranger)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_no_attestation_proves_nothing() =>
        Assert.Contains("no DSSE envelope", await WhyNotAsync("{\"payload\":"), StringComparison.Ordinal);

    [Fact]
    public async Task A_private_key_in_the_place_of_the_public_one_is_refused_without_showing_it()
    {
        folder.Write("plan/owner.pub", other.Key.ToPem(null));
        var refused = await Assert.ThrowsAsync<OperationException>(() => WhyNotAsync(other.Attestation()));
        Assert.Contains("private key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Key.ToPem(null).Split('\n')[1], refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_another_plan_is_not_the_one_that_was_tried() =>
        Assert.Contains(
            "is of the plan",
            await WhyNotAsync(other.Attestation(), $""", "plan": "{new string('0', 64)}" """),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task What_nobody_signed_proves_nothing()
    {
        var unsigned = System.Text.RegularExpressions.Regex.Replace(
            other.Attestation(),
            "\"sig\": \"[^\"]*\"",
            "\"sig\": \"\"",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
        Assert.Contains("did not sign this", await WhyNotAsync(unsigned), StringComparison.Ordinal);
        Assert.Contains(
            "0 signatures",
            await WhyNotAsync("""{"payload":"","payloadType":"a","signatures":[]}"""),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_word_of_a_revoked_key_counts_for_runs_that_ended_before()
    {
        var attestation = other.Attestation();
        var now = TimeProvider.System.GetUtcNow();

        Assert.Contains(
            "key was revoked",
            await WhyNotAsync(attestation, $""", "revoked": "{now.AddHours(-1):O}" """),
            StringComparison.Ordinal
        );
        Assert.Equal("", await WhyNotAsync(attestation, $""", "revoked": "{now.AddHours(1):O}" """));
    }

    private async Task<string> WhyNotAsync(string attestation, string more = "")
    {
        folder.Write("plan/staging.json", attestation);
        var inputs = JsonElement.Parse(
            $$"""{ "file": "staging.json", "key": "owner.pub", "upgrade": "shop", "environment": "staging", "at-most": "30d"{{more}} }"""
        );
        var scope = new TestScope(
            folder.Folder("plan"),
            folder.Folder("run"),
            TestProgram.Instance.Processes,
            new Dictionary<string, object>()
        )
        {
            RunId = "run-1",
        };
        var definition = (CheckDefinition)TestProgram.Instance.Catalog.Find("evidence.attested")!;
        await using var check = definition.Create(inputs, scope);
        return check.Judge(await check.ObserveAsync(TestContext.Current.CancellationToken)) switch
        {
            Verdict.NotYet no => no.Why,
            Verdict.Broken no => no.Why,
            _ => "",
        };
    }
}
