using System.CommandLine;
using Belay.Cli.Screens;

namespace Belay.Cli.Verbs;

/// <summary><c>belay completion</c>: the script that has a shell ask Belay itself what may come next.</summary>
internal static class CompletionVerb
{
    private const string Bash = """
        # source <(belay completion bash)
        _belay() {
            local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=($(compgen -W "$(belay "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _belay belay

        """;

    private const string Zsh = """
        #compdef belay
        # source <(belay completion zsh)
        _belay() {
            local -a words_found
            words_found=("${(@f)$(belay "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- ${words_found} || _files
        }
        compdef _belay belay

        """;

    private const string Fish = """
        # belay completion fish | source
        function __belay_complete
            set -l line (commandline -cp)
            belay "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c belay -a '(__belay_complete)'

        """;

    public static Command Create(SharedOptions shared)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the script with which a shell completes belay's command lines")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            var screen = shared.ScreenOf(parsed);
            var script = parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            };
            if (screen.Format == OutputFormat.Text)
                screen.WriteRaw(script);
            screen.Write(new ScriptAnswer(script), CliJson.Instance.ScriptAnswer);
        });
        return command;
    }
}

/// <summary>A script for a shell.</summary>
internal sealed record ScriptAnswer(string Script);
