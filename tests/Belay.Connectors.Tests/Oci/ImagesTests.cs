using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using Belay.Connectors.Oci;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Parts;
using ConnectorKit;

namespace Belay.Connectors.Tests.Oci;

public sealed class ImagesContract : CheckContract
{
    protected override async Task<CheckFixture> StartAsync(CancellationToken ct)
    {
        var registry = await RegistryServer.StartAsync($"ops:{ImagesTests.Hash}\n", ct);
        await ImageStore.PushAsync(registry, "shop/web", "4.2.0", "amd64", ct, $"ops:{ImagesTests.Password}");
        return new Fixture(registry);
    }

    private sealed class Fixture(RegistryServer registry) : CheckFixture
    {
        public override KitProgram Program => TestProgram.Instance;

        public override CheckDefinition Definition => (CheckDefinition)TestProgram.Instance.Catalog.Find("oci.images")!;

        public override JsonElement Inputs =>
            Json($$"""{ "connection": "registry", "images": ["127.0.0.1:{{registry.Port}}/shop/web:4.2.0"] }""");

        public override IReadOnlyDictionary<string, object> Connections =>
            ImmutableDictionary<string, object>.Empty.Add(
                "registry",
                new OciSettings
                {
                    Url = registry.Url,
                    User = "ops",
                    Password = new Secret(ImagesTests.Password),
                }
            );

        public override ImmutableArray<string> Secrets => [ImagesTests.Password];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ValueTask.FromResult(ImmutableSortedDictionary<string, string>.Empty);

        public override async ValueTask BreakAsync(CancellationToken ct) =>
            await ImageStore.PushAsync(registry, "shop/web", "4.2.0", "arm64", ct, $"ops:{ImagesTests.Password}");

        public override async ValueTask TakeAwayAsync(CancellationToken ct) => await registry.StopAsync();

        public override async ValueTask DisposeAsync()
        {
            await registry.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}

public sealed class ImagesTests
{
    public const string Password = "hunter2-of-oci";

    /// <summary>bcrypt of <see cref="Password"/>.</summary>
    public const string Hash = "$2b$04$uTwdIsyLYZu5MqAb8K96U.5ipLjesb3OESa4YpnOu6be6rAcvK8o.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_image_of_a_list_is_looked_up_also_those_of_several_platforms()
    {
        await using var registry = await RegistryServer.StartAsync(ct: Ct);
        var one = await ImageStore.PushAsync(registry, "shop/web", "4.2.0", "amd64", Ct);
        var arm = await ImageStore.PushAsync(registry, "shop/web", "arm", "arm64", Ct);
        await ImageStore.PushIndexAsync(registry, "shop/web", "all", [("amd64", one), ("arm64", arm)], Ct);

        var list = $"# of the release\nshop/web:4.2.0@{one}\n\nshop/web:all # both\nshop/web@{one}\n";

        Assert.IsType<Verdict.Holds>(await JudgeAsync(registry.Url, list));
    }

    [Fact]
    public async Task What_is_missing_may_still_come()
    {
        await using var registry = await RegistryServer.StartAsync(ct: Ct);
        await ImageStore.PushAsync(registry, "shop/web", "4.2.0", "amd64", Ct);

        var verdict = await JudgeAsync(registry.Url, "shop/web:4.2.0\nshop/web:4.3.0\nshop/mail:4.2.0\n");

        Assert.Equal("the registry has no shop/web:4.3.0, shop/mail:4.2.0", Assert.IsType<Verdict.NotYet>(verdict).Why);
    }

    [Fact]
    public async Task A_tag_that_was_moved_and_an_image_for_another_platform_are_told()
    {
        await using var registry = await RegistryServer.StartAsync(ct: Ct);
        var old = await ImageStore.PushAsync(registry, "shop/web", "4.2.0", "amd64", Ct);
        await ImageStore.PushAsync(registry, "shop/web", "4.2.0", "arm64", Ct);

        var why = Assert
            .IsType<Verdict.Broken>(await JudgeAsync(registry.Url, $"shop/web:4.2.0@{old}\nshop/web:4.2.0\n"))
            .Why;

        Assert.Contains("its tag was moved", why, StringComparison.Ordinal);
        Assert.Contains("is not made for linux/amd64: it is for linux/arm64", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop/web", "is no name of an image with a tag or a digest")]
    [InlineData("shop/web:a b", "is no name of an image")]
    [InlineData("Shop/web:1", "is no name of an image")]
    [InlineData("elsewhere.example.org/shop/web:1", "is an image of elsewhere.example.org")]
    public async Task A_name_that_is_none_or_of_another_registry_is_refused(string name, string why)
    {
        await using var registry = await RegistryServer.StartAsync(ct: Ct);

        var refused = await Assert.ThrowsAsync<OperationException>(() => JudgeAsync(registry.Url, name));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_password_a_closed_registry_is_no_answer()
    {
        await using var registry = await RegistryServer.StartAsync($"ops:{Hash}\n", Ct);

        var refused = await Assert.ThrowsAsync<OperationException>(() => JudgeAsync(registry.Url, "shop/web:1"));

        Assert.Contains("wants a user and a password", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stand_in_that_gives_tokens_is_asked_for_one_and_a_busy_one_is_asked_again_later()
    {
        var (listener, port) = Loopback.Listen();
        var seen = new List<string>();
        var serving = ServeAsync(listener, port, seen);

        var settings = new OciSettings
        {
            Url = $"http://127.0.0.1:{port}",
            User = "ops",
            Password = new Secret(Password),
        };
        Assert.IsType<Verdict.Holds>(await JudgeAsync(settings, "shop/web:1"));
        var busy = await Assert.ThrowsAsync<OperationException>(() => JudgeAsync(settings, "shop/web:busy"));

        Assert.Equal(FailureKind.Transient, busy.Kind);
        Assert.Contains("/token?service=registry.example&scope=repository%3Ashop%2Fweb%3Apull Basic", seen);
        // Once, and not stopped before: closing a stopped listener takes its port anew.
        listener.Close();
        await serving;
    }

    // As the specification of tokens has it; see the connector's README.
    private static async Task ServeAsync(HttpListener listener, int port, List<string> seen)
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var right = call.Request.Headers["Authorization"] ?? "none";
            seen.Add($"{call.Request.RawUrl} {right.Split(' ')[0]}");
            var path = call.Request.Url!.AbsolutePath;
            var (status, body) =
                path == "/token" ? (200, """{"token":"t1","expires_in":60}""")
                : right != "Bearer t1" ? (401, "{}")
                : path.EndsWith("/busy", StringComparison.Ordinal) ? (429, "{}")
                : (
                    200,
                    """{"schemaVersion":2,"manifests":[{"digest":"sha256:0","platform":{"os":"linux","architecture":"amd64"}}]}"""
                );
            if (status == 401)
                call.Response.AddHeader(
                    "WWW-Authenticate",
                    $"Bearer realm=\"http://127.0.0.1:{port}/token\",service=\"registry.example\",scope=\"repository:shop/web:pull\""
                );
            call.Response.StatusCode = status;
            call.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
        }
    }

    private static Task<Verdict> JudgeAsync(string url, string list) => JudgeAsync(new OciSettings { Url = url }, list);

    private static async Task<Verdict> JudgeAsync(OciSettings settings, string list)
    {
        using var folder = new TestFolder();
        folder.Write("images.txt", list);
        var scope = new TestScope(
            folder.Path,
            folder.Path,
            TestProgram.Instance.Processes,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["registry"] = settings }
        );
        var definition = (CheckDefinition)TestProgram.Instance.Catalog.Find("oci.images")!;
        await using var check = definition.Create(
            JsonElement.Parse("""{ "connection": "registry", "list": "images.txt" }"""),
            scope
        );
        return check.Judge(await check.ObserveAsync(Ct));
    }
}
