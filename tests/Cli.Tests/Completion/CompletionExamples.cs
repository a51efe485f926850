using System.Net;
using Orchestrator.Cli.Suggestions;

namespace Orchestrator.Cli.Tests.Completion;

public sealed class CompletionExamples : IDisposable
{
    private readonly Orc orc = new();

    public CompletionExamples() => orc.Api.On("GET /services", Things.Services("api", "web"))
        .On("GET /members", $$"""{"members":[{{Member("worker-a", "worker")}},{{Member("m", "master")}}]}""");

    public void Dispose() => orc.Dispose();

    [Theory]
    [InlineData("rollback rollout", "ro")]
    [InlineData("api web", "ps", "")]
    [InlineData("web", "history", "w")]
    [InlineData("web web/1 web/2 web/3", "logs", "web")]
    [InlineData("web=", "scale", "w")]
    [InlineData("worker-a", "drain", "")]
    [InlineData("--watch", "ps", "--w")]
    [InlineData("bash fish zsh", "completion", "")]
    [InlineData("inspect ls rm set", "secret", "")]
    [InlineData("", "secret", "set", "")]
    public async Task Words_that_may_stand_next_are_told(string expected, params string[] words)
    {
        var ran = await orc.Run(["__complete", "--", .. words]);
        Assert.Equal((0, expected),
            (ran.Code, string.Join(' ', ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))));
    }

    [Fact]
    public async Task Where_nobody_answers_there_are_no_names_and_no_words_about_it()
    {
        orc.Api.Refuse("GET /services", HttpStatusCode.ServiceUnavailable, "away");
        var ran = await orc.Run("__complete", "--", "ps", "");
        Assert.Equal((0, "", ""), (ran.Code, ran.Out, ran.Error));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _orc orc")]
    [InlineData("zsh", "compdef _orc orc")]
    [InlineData("fish", "complete -c orc -f")]
    public async Task Every_shell_has_its_script(string shell, string line) =>
        Assert.Contains(line, (await orc.Run("completion", shell)).Out, StringComparison.Ordinal);

    [Fact]
    public async Task The_script_for_bash_completes_in_bash()
    {
        var script = (await orc.Run("completion", "bash")).Out;
        // What is asked, and with which words, is told by a stand-in.
        var asked = await Testing.Shell.Run("bash", "-c", $$"""
            orc() { printf '%s\n' "$*" >&2; printf '%s\n' web web/1 web/2 api; }
            {{script}}
            COMP_WORDS=(orc logs we) COMP_CWORD=2
            _orc
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        Assert.Equal("web\nweb/1\nweb/2", asked);
    }

    [Theory]
    [InlineData("scal", "scale")]
    [InlineData("rolback", "rollback")]
    [InlineData("lgos", "logs")]
    public async Task A_mistyped_verb_is_recognised(string typed, string meant)
    {
        var ran = await orc.Run(typed, "web");
        Assert.Equal((2, $"orc: there is no verb '{typed}'; did you mean {meant}?\n→ orc --help lists what there is\n"), (ran.Code, ran.Error));
    }

    [Theory]
    [InlineData("there is no option '--wach'; did you mean --watch?", "ps", "--wach")]
    [InlineData("there is no verb 'lst'; did you mean ls?", "secret", "lst")]
    [InlineData("orc secret needs a verb", "secret")]
    public async Task What_is_mistyped_elsewhere_is_recognised_too(string words, params string[] line)
    {
        var ran = await orc.Run(line);
        Assert.Equal((2, $"orc: {words}"), (ran.Code, ran.Error.Split('\n')[0]));
    }

    [Theory]
    [InlineData("scale", "scale", 0)]
    [InlineData("scael", "scale", 1)]
    [InlineData("web", "wbe", 1)]
    [InlineData("", "abc", 3)]
    public void A_distance_counts_letters(string from, string to, int letters) => Assert.Equal(letters, Nearest.Distance(from, to));

    private static string Member(string name, string role) => $$"""{"name":"{{name}}","role":"{{role}}","address":"x","status":"ready"}""";
}
