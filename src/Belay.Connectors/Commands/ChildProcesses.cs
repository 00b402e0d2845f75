using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Commands;

/// <summary>The child processes of runs on this machine. Every child carries <see cref="Mark"/> in its environment.</summary>
/// <param name="clock">Measures time limits and graces.</param>
/// <param name="store">Tells the store of the runs from every other one on this machine: runs of two stores may have the same name.</param>
public sealed class ChildProcesses(TimeProvider clock, Func<string> store) : IChildProcesses
{
    /// <summary>The variable that marks a child; its value is <c>STORE/RUN/STEP</c>.</summary>
    public const string Mark = "BELAY_CHILD";

    /// <summary>The variable that says for how many seconds a child's own end is waited for after a crash.</summary>
    public const string Patience = "BELAY_CHILD_PATIENCE";

    private readonly ProcessEnding ending = new(clock);

    /// <inheritdoc/>
    public ICommandRunner For(string run, string step, string folder, IChildObserver observer) =>
        new ProcessRunner($"{store()}/{run}/{step}", folder, observer, ending, clock);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MarkedChild>> FindAsync(string run, CancellationToken ct)
    {
        var prefix = $"{store()}/{run}/";
        var found = new List<MarkedChild>();
        // Most processes have no mark: they are passed over by one look at their bytes.
        foreach (var process in ProcessTable.With(Mark))
        {
            var child = process.Identity;
            if (ProcessTable.Variable(child.Pid, Mark) is { } mark && mark.StartsWith(prefix, StringComparison.Ordinal))
                found.Add(new MarkedChild(child, mark[prefix.Length..], CommandOf(child.Pid), PatienceOf(child.Pid)));
        }
        return ValueTask.FromResult<IReadOnlyList<MarkedChild>>(found);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> EndsByItselfAsync(ProcessIdentity child, TimeSpan limit, CancellationToken ct) =>
        await ending.EndsByItselfAsync(child, limit, ct);

    /// <inheritdoc/>
    public async ValueTask EndAsync(ProcessIdentity child, TimeSpan grace, CancellationToken ct) =>
        await ending.EndAsync(child, grace, ct);

    /// <summary>A live process of this machine; null when there is none of this number.</summary>
    public static ProcessIdentity? Live(int pid) => ProcessTable.Find(pid)?.Identity;

    private static TimeSpan PatienceOf(int pid) =>
        double.TryParse(
            ProcessTable.Variable(pid, Patience),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    private static string CommandOf(int pid) =>
        ProcessTable.Arguments(pid) is [var program, .. var arguments]
            ? new Command { Program = program, Arguments = [.. arguments] }.ToString()
            : "(ended)";
}
