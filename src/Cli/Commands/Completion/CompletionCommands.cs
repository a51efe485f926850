using System.CommandLine;

namespace Orchestrator.Cli.Commands.Completion;

/// <summary>What shells need to complete words, and the answer that they ask for.</summary>
internal static class CompletionCommands
{
    /// <summary>Asked by shells, with all words up to the one that is being typed.</summary>
    private const string Verb = "__complete";

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = $$"""
            # orc completion for bash. Once: source <(orc completion bash)
            _orc() {
              local IFS=$'\n' cur=${COMP_WORDS[COMP_CWORD]}
              COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" {{Verb}} -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$cur"))
              [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
            }
            complete -o default -F _orc orc
            """,
        ["zsh"] = $$"""
            #compdef orc
            # orc completion for zsh. Once: source <(orc completion zsh)
            _orc() {
              local -a found
              found=("${(@f)$("${words[1]}" {{Verb}} -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
              compadd -Q -- ${found:#}
            }
            compdef _orc orc
            """,
        ["fish"] = $$"""
            # orc completion for fish. Once: orc completion fish | source
            function __orc_complete
              set -l words (commandline -opc) (commandline -ct)
              $words[1] {{Verb}} -- $words[2..] 2>/dev/null
            end
            complete -c orc -f -a '(__orc_complete)'
            """,
    };

    public static IEnumerable<Command> Of(Shell shell, Func<RootCommand> root)
    {
        var which = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        which.AcceptOnlyFromAmong([.. Scripts.Keys]);
        yield return shell.Verb("completion", "What a shell needs to complete words, with names that are there now", [which], (session, _) =>
        {
            session.Out.Line(Scripts[session.Get(which)]);
            return Task.CompletedTask;
        });

        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var asked = shell.Verb(Verb, "Words that may stand next", [words], (session, _) =>
        {
            foreach (var word in Next(root(), session.Get(words))) session.Out.Line(word);
            return Task.CompletedTask;
        });
        asked.Hidden = true;
        yield return asked;
    }

    /// <summary>The last word is the one that is being typed, be it empty.</summary>
    public static IEnumerable<string> Next(RootCommand root, IReadOnlyList<string> words)
    {
        var typed = words.Count > 0 ? words[^1] : "";
        var text = string.Join(' ', words.Take(words.Count - 1).Select(Quoted).Append(typed));
        return root.Parse(text).GetCompletions(text.Length).Select(it => it.InsertText ?? it.Label)
            // Options are offered to who begins one.
            .Where(it => it.StartsWith(typed, StringComparison.Ordinal) && it.StartsWith('-') == typed.StartsWith('-')
                && it is not ("-?" or "-h" or "/?" or "/h"))
            .Distinct();
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(it => !char.IsWhiteSpace(it) && it != '"') ? word : $"\"{word}\"";
}
