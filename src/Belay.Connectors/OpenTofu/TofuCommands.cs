using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.OpenTofu;

/// <summary>The command lines of OpenTofu and Terraform, which share them (https://opentofu.org/docs/cli/commands/). Pure.</summary>
/// <param name="place">Where it works, and with what.</param>
/// <param name="program">The program's full path.</param>
/// <param name="directory">The configuration's folder (absolute).</param>
/// <param name="data">The folder (absolute) of the tool's own files, <c>TF_DATA_DIR</c>.</param>
internal sealed class TofuCommands(TofuPlace place, string program, string directory, string data)
{
    /// <summary>Where an output is written: whoever reads a pipe may die, and its writer with it.</summary>
    public const string Output = "BELAY_OUTPUT";

    // exec: the process is the tool, and gets the signals that it knows. umask: plans and states hold secrets.
    private const string IntoFile = $"umask 077; exec \"$@\" >\"${Output}\"";

    // Shorter values are ordinary words or numbers; removing them would tear the output apart.
    private const int LeastRedacted = 4;

    // Left alone it finishes what it has begun, and writes the state. Told to end it stops making, and marks what is half made as tainted.
    private static readonly TimeSpan ApplyPatience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan ApplyGrace = TimeSpan.FromMinutes(10);

    // A stray variable of the operator's shell must not change what is done: options of its own, a log that shows secrets.
    private static readonly ImmutableDictionary<string, string> Fixed = ImmutableDictionary
        .Create<string, string>(StringComparer.Ordinal)
        .AddRange(
            ((string[])["", "_init", "_plan", "_apply", "_show", "_state_pull", "_state_push"]).Select(verb =>
                KeyValuePair.Create($"TF_CLI_ARGS{verb}", "")
            )
        )
        .Add("TF_LOG", "")
        .Add("TF_INPUT", "0")
        .Add("TF_IN_AUTOMATION", "1")
        .Add("CHECKPOINT_DISABLE", "1");

    /// <summary>Its version, as JSON.</summary>
    public Command Version() => Tool("version", "-json");

    /// <summary>Fetches providers and modules, and connects the backend that the configuration names.</summary>
    /// <param name="isLocked">Whether the folder has a lock file; it is then obeyed, and not written.</param>
    public Command Init(bool isLocked) =>
        Tool(
            "init",
            ["-input=false", "-no-color", "-reconfigure", .. isLocked ? ["-lockfile=readonly"] : Array.Empty<string>()]
        );

    /// <summary>Plans into a file.</summary>
    /// <param name="plan">The file (absolute).</param>
    /// <param name="state">The state's file, where it is not the configuration's own; null: it is.</param>
    public Command Plan(string plan, string? state) =>
        Tool(
            "plan",
            [
                "-input=false",
                "-no-color",
                "-detailed-exitcode",
                Lock,
                $"-out={plan}",
                .. place.VarFiles.Select(file => $"-var-file={Path.GetFullPath(file, Root)}"),
                .. Of(state),
            ]
        );

    /// <summary>Describes a saved plan as JSON, into a file.</summary>
    public Command Show(string plan, string output) => Into(output, Tool("show", "-json", plan));

    /// <summary>Applies a saved plan, and nothing else; what it does goes into a file, a line of JSON each.</summary>
    public Command Apply(string plan, string? state, string output) =>
        Into(
            output,
            Tool("apply", ["-input=false", "-json", Lock, .. Of(state), plan]) with
            {
                Grace = ApplyGrace,
                Patience = ApplyPatience,
            }
        );

    /// <summary>Reads the state into a file.</summary>
    public Command Pull(string output) => Into(output, Tool("state", "pull"));

    /// <summary>Writes a state; refused when the one that is there is another one, or newer.</summary>
    /// <param name="state">The state's file (absolute).</param>
    /// <param name="isForced">Whether it is written also over another or a newer one.</param>
    public Command Push(string state, bool isForced) =>
        Tool("state", ["push", "-lock=true", Lock, .. isForced ? ["-force"] : Array.Empty<string>(), state]);

    /// <summary>Where relative files of variables begin: the plan's folder.</summary>
    public required string Root { get; init; }

    private string Lock =>
        string.Create(CultureInfo.InvariantCulture, $"-lock-timeout={(long)place.LockLimit.TotalSeconds}s");

    private static IEnumerable<string> Of(string? state) => state is null ? [] : [$"-state={state}", "-backup=-"];

    private Command Tool(string verb, params ImmutableArray<string> arguments) =>
        new()
        {
            Program = program,
            Arguments = [verb, .. arguments],
            Folder = directory,
            Environment = Fixed
                .SetItem("TF_DATA_DIR", data)
                .SetItem("TF_WORKSPACE", place.Workspace)
                .SetItems(place.Environment.Select(v => KeyValuePair.Create(v.Key, v.Value.Reveal())))
                .SetItems(place.Variables.Select(v => KeyValuePair.Create($"TF_VAR_{v.Key}", v.Value.Reveal()))),
            Redact =
            [
                .. place
                    .Environment.Values.Concat(place.Variables.Values)
                    .Select(value => value.Reveal())
                    .Where(value => value.Length >= LeastRedacted),
            ],
            Limit = place.Limit,
        };

    private static Command Into(string output, Command command) =>
        command with
        {
            Program = "/bin/sh",
            Arguments = ["-c", IntoFile, "sh", command.Program, .. command.Arguments],
            Environment = command.Environment.SetItem(Output, output),
        };
}
