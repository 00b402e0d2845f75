using System.Text.Json;
using Belay.Domain.Operations;
using ConnectorKit;

namespace Belay.Connectors.Tests.Process;

public sealed class StartProcessContract : ChangeContract
{
    protected override int Kills => 8;

    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(new StartFixture());
}

public sealed class StopProcessContract : ChangeContract
{
    protected override async Task<ChangeFixture> StartAsync(CancellationToken ct)
    {
        var fixture = new StopFixture();
        await fixture.StartServiceAsync(ct);
        return fixture;
    }
}

internal sealed class StartFixture : ServiceFixture
{
    public static ChangeDefinition Start { get; } =
        (ChangeDefinition)TestProgram.Instance.Catalog.Find("process.start")!;

    public override ChangeDefinition Definition => Start;

    public override JsonElement Inputs => Json($"{{ {CommonInputs} }}");

    public override ValueTask<int?> CountEffectsAsync(CancellationToken ct) => ValueTask.FromResult<int?>(Starts());
}

internal sealed class StopFixture : ServiceFixture
{
    public static ChangeDefinition Stop { get; } = (ChangeDefinition)TestProgram.Instance.Catalog.Find("process.stop")!;

    public override ChangeDefinition Definition => Stop;

    public override JsonElement Inputs => Json($"{{ {CommonInputs} }}");

    /// <summary>Starts the service as <c>process.start</c> does.</summary>
    public async Task StartServiceAsync(CancellationToken ct)
    {
        await using var start = StartFixture.Start.Create(Inputs, NewScope());
        await foreach (var _ in start.ApplyAsync(await start.ObserveAsync(ct), ct)) { }
    }

    /// <summary>The service says goodbye in its log each time that it is asked to end.</summary>
    public override async ValueTask<int?> CountEffectsAsync(CancellationToken ct) =>
        (await File.ReadAllLinesAsync(Path.Combine(PlanFolder, "run/web.log"), ct)).Count(line => line == "bye");
}
