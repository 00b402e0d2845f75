using System.Collections.Immutable;
using Belay.Domain.Lint;
using Belay.Engine.Ports;
using Belay.Planning;

namespace Belay.Cli;

/// <summary>A verb cannot do what was asked. The message says what, where and what to do.</summary>
internal sealed class Refusal : Exception
{
    public Refusal(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    public Refusal(ImmutableArray<Diagnostic> diagnostics)
        : this(Cli.ExitCode.BadUsage, diagnostics.Length == 1 ? "1 problem" : $"{diagnostics.Length} problems") =>
        Diagnostics = diagnostics;

    public Refusal(ImmutableArray<Finding> findings)
        : this(
            Cli.ExitCode.SaysNo,
            $"lint refuses the plan: {(findings.Length == 1 ? "1 finding" : $"{findings.Length} findings")}"
        ) => Findings = findings;

    /// <summary>What lint refuses; empty when it refuses nothing.</summary>
    public ImmutableArray<Finding> Findings { get; } = [];

    /// <summary>What the program exits with.</summary>
    public int ExitCode { get; }

    /// <summary>What is wrong with files; empty when the message says it all.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; } = [];

    /// <summary>A journal that cannot be read or written, as a refusal.</summary>
    public static Refusal Of(JournalException e) =>
        new(
            e.Fault switch
            {
                JournalFault.Missing or JournalFault.Exists => Cli.ExitCode.BadUsage,
                JournalFault.Damaged or JournalFault.StaleLease => Cli.ExitCode.Halted,
                JournalFault.Unwritable => Cli.ExitCode.Failed,
                _ => throw new ArgumentOutOfRangeException(nameof(e)),
            },
            e.Message
        );
}
