using ConnectorKit;

namespace Belay.Connectors.Tests.Shell;

/// <summary>With a check and an undo.</summary>
public sealed class CheckedShellRunContract : ChangeContract
{
    protected override int Kills => 8;

    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(
            new ShellFixture(
                """
                {
                  "command": ["sh", "-c", "sleep 0.1; echo made by $WHO >> effects; sleep 0.1; echo $WHO"],
                  "check": { "command": ["test", "-e", "effects"] },
                  "undo": { "command": ["rm", "-f", "effects"] },
                  "environment": { "WHO": { "$secret": "hunter2" } }
                }
                """
            )
        );
}

/// <summary>Without a check: what was cut short is told to a person.</summary>
public sealed class UncheckedShellRunContract : ChangeContract
{
    protected override int Kills => 8;

    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(
            new ShellFixture(
                """
                {
                  "command": ["sh", "-c", "sleep 0.1; echo made >> effects; sleep 0.1"],
                  "undo": { "command": ["rm", "-f", "effects"] }
                }
                """
            )
        );
}

/// <summary>Without a way back.</summary>
public sealed class FinalShellRunContract : ChangeContract
{
    protected override Task<ChangeFixture> StartAsync(CancellationToken ct) =>
        Task.FromResult<ChangeFixture>(new ShellFixture("""{ "command": ["sh", "-c", "echo made >> effects"] }"""));
}
