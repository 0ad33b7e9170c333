using System.CommandLine;

namespace Slipway.Cli.Terminal;

/// <summary>Completion scripts that ask the command itself, so they never grow stale.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _slipway() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(slipway "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _slipway slipway
        """;

    private const string Zsh = """
        #compdef slipway
        _slipway() {
          local -a found
          found=("${(@f)$(slipway "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a found
        }
        compdef _slipway slipway
        """;

    private const string Fish = """
        complete -f -c slipway -a '(slipway "[suggest:"(commandline -C)"]" (commandline -b) 2>/dev/null)'
        """;

    private static readonly Argument<string> s_shell = Shells();

    public static Command Create(TerminalWriter console)
    {
        var command = new Command("completion", "Print a completion script.\n\nExample:\n  source <(slipway completion bash)") { s_shell };
        command.SetAction(parsed => console.Line(parsed.GetValue(s_shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }));
        return command;
    }

    private static Argument<string> Shells()
    {
        var argument = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        argument.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return argument;
    }
}
