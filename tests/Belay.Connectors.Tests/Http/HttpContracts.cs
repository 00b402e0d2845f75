using System.Collections.Immutable;
using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Http;

public sealed class GetHttpContract : CheckContract
{
    protected override Task<CheckFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<CheckFixture>(new Fixture());

    private sealed class Fixture : CheckFixture
    {
        private readonly OrderService service = new();

        public override KitProgram Program => TestProgram.Instance;

        public override CheckDefinition Definition => (CheckDefinition)Program.Catalog.Find("http.get")!;

        public override JsonElement Inputs =>
            Json(
                $$"""
                {
                  "url": "{{service.Url}}/status",
                  "headers": { "authorization": { "$secret": "hunter2" } },
                  "expect": {
                    "status": 200,
                    "json": { "release": "4.2.0", "database": { "schema": 42 } },
                    "header": { "x-release": "4.2.0" },
                    "at-most": { "failed": 0 },
                    "at-least": { "database.schema": 42 },
                    "contains": "shop",
                    "latency": "10s"
                  }
                }
                """
            );

        public override ImmutableArray<string> Secrets => ["hunter2"];

        public override ValueTask<ImmutableSortedDictionary<string, string>> SnapshotAsync(CancellationToken ct) =>
            ValueTask.FromResult(service.Snapshot());

        public override ValueTask BreakAsync(CancellationToken ct)
        {
            service.Release = "4.1.0";
            return ValueTask.CompletedTask;
        }

        public override async ValueTask TakeAwayAsync(CancellationToken ct) => await service.DisposeAsync();

        public override async ValueTask DisposeAsync()
        {
            await service.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}

public sealed class PostThatCanBeFoundContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(
            new OrderFixture(
                "http.post",
                service =>
                    $$"""
                        {
                          "url": "{{service.Url}}/orders",
                          "headers": { "authorization": { "$secret": "hunter2" } },
                          "body": { "item": "item-1" },
                          "expect": { "status": 201, "json": { "state": "placed" } },
                          "find": { "url": "{{service.Url}}/orders/{token}" },
                          "undo": { "url": "{{service.Url}}/orders/{token}" }
                        }
                        """,
                counts: false
            )
        );
}

public sealed class PostThatCannotBeFoundContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(
            new OrderFixture(
                "http.post",
                service => $$"""{ "url": "{{service.Url}}/orders", "body": { "item": "item-1" } }""",
                counts: true
            )
        );
}

public sealed class JourneyContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(
            new OrderFixture(
                "http.journey",
                service =>
                    $$"""
                        {
                          "url": "{{service.Url}}",
                          "visits": [
                            { "post": "/login", "body": { "customer": "check" }, "keep": { "session": "token" } },
                            { "post": "/orders", "headers": { "x-session": "{session}" }, "body": { "number": "check-{mark}" },
                              "expect": { "status": 201 } },
                            { "get": "/orders/check-{mark}", "expect": { "json": { "state": "placed" } } }
                          ],
                          "clean-up": [ { "delete": "/orders/check-{mark}", "headers": { "x-session": "{session}" } } ]
                        }
                        """,
                counts: false
            )
        );
}
