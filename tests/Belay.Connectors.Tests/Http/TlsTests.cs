using System.Text.Json;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Http;

public sealed class TlsTests : IAsyncDisposable
{
    private readonly TestAuthority authority = new();
    private readonly TestFolder folder = new();
    private readonly TestScope scope;
    private readonly TlsService service;

    public TlsTests()
    {
        service = new(authority.Issue());
        scope = new(folder.Folder("plan"), folder.Folder("run"), TestProgram.Instance.Processes);
        folder.Write("plan/ca.pem", authority.Pem);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_of_the_named_authority_is_trusted()
    {
        await using var check = Get($$"""{ {{Url(service)}}, "ca-file": "ca.pem" }""");
        await using var post = Change("http.post", $$"""{ {{Url(service)}}, "body": {}, "ca-file": "ca.pem" }""");

        Assert.IsType<Verdict.Holds>(check.Judge(await check.ObserveAsync(Ct)));
        await foreach (var _ in post.ApplyAsync(await post.ObserveAsync(Ct), Ct)) { }

        Assert.Equal(2, service.Requests);
    }

    [Fact]
    public async Task Of_several_authorities_in_the_file_one_is_enough()
    {
        using var other = new TestAuthority("Another Authority");
        folder.Write("plan/both.pem", other.Pem + "\n" + authority.Pem);
        await using var check = Get($$"""{ {{Url(service)}}, "ca-file": "both.pem" }""");

        Assert.IsType<Verdict.Holds>(check.Judge(await check.ObserveAsync(Ct)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "ca-file": "other.pem" """)]
    public async Task A_certificate_of_another_authority_is_refused_and_no_request_is_sent(string ca)
    {
        // Of the same name: the signature must decide.
        using var other = new TestAuthority();
        folder.Write("plan/other.pem", other.Pem);
        await using var check = Get($$"""{ {{Url(service)}}{{ca}} }""");
        await using var post = Change("http.post", $$"""{ {{Url(service)}}, "body": {}{{ca}} }""");

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await check.ObserveAsync(Ct));
        var unsent = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await foreach (var _ in post.ApplyAsync(await post.ObserveAsync(Ct), Ct)) { }
        });

        Assert.Equal((FailureKind.Refused, FailureKind.Refused), (failure.Kind, unsent.Kind));
        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
        Assert.Contains("name its authority by ca-file", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, service.Requests);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        await using var elsewhere = new TlsService(authority.Issue("shop.example"));
        await using var check = Get($$"""{ {{Url(elsewhere)}}, "ca-file": "ca.pem" }""");

        var failure = await Assert.ThrowsAsync<OperationException>(async () => await check.ObserveAsync(Ct));

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Theory]
    [InlineData("missing.pem")]
    [InlineData("empty.pem")]
    [InlineData("broken.pem")]
    public async Task A_file_without_certificates_is_refused_by_its_name(string file)
    {
        folder.Write("plan/empty.pem", "");
        folder.Write("plan/broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        var failure = await Assert.ThrowsAsync<OperationException>(async () =>
        {
            await using var check = Get($$"""{ {{Url(service)}}, "ca-file": "{{file}}" }""");
            await check.ObserveAsync(Ct);
        });

        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        authority.Dispose();
        folder.Dispose();
    }

    private static string Url(TlsService service) => $"\"url\": \"{service.Url}/status\"";

    private BoundCheck Get(string inputs) =>
        ((CheckDefinition)TestProgram.Instance.Catalog.Find("http.get")!).Create(JsonElement.Parse(inputs), scope);

    private BoundChange Change(string operation, string inputs) =>
        ((ChangeDefinition)TestProgram.Instance.Catalog.Find(operation)!).Create(JsonElement.Parse(inputs), scope);
}
