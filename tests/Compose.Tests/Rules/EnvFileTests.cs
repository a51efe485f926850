namespace Orchestrator.Compose.Tests.Rules;

/// <summary>The format of files with variables, line by line of the specification.</summary>
public sealed class EnvFileTests
{
    [Theory]
    [InlineData("VAR=VAL", "VAL")]
    [InlineData("VAR=\"VAL\"", "VAL")]
    [InlineData("VAR='VAL'", "VAL")]
    [InlineData("VAR=VAL # comment", "VAL")]
    [InlineData("VAR=VAL# not a comment", "VAL# not a comment")]
    [InlineData("VAR=\"VAL # not a comment\"", "VAL # not a comment")]
    [InlineData("VAR=\"VAL\" # comment", "VAL")]
    [InlineData("VAR='$OTHER'", "$OTHER")]
    [InlineData("VAR='${OTHER}'", "${OTHER}")]
    [InlineData("VAR=$OTHER", "from outside")]
    [InlineData("VAR=\"${OTHER}!\"", "from outside!")]
    [InlineData("VAR=${NONE:-default}", "default")]
    [InlineData("VAR=$$OTHER", "$OTHER")]
    [InlineData("VAR='Let\\'s go!'", "Let's go!")]
    [InlineData("VAR=\"{\\\"hello\\\": \\\"json\\\"}\"", "{\"hello\": \"json\"}")]
    [InlineData("VAR=\"some\\tvalue\"", "some\tvalue")]
    [InlineData("VAR='some\\tvalue'", "some\\tvalue")]
    [InlineData("VAR=some\\tvalue", "some\\tvalue")]
    [InlineData("VAR=\"a\\nb\\rc\\\\d\"", "a\nb\rc\\d")]
    [InlineData("VAR=\"\\$OTHER\"", "$OTHER")]
    [InlineData("VAR=", "")]
    [InlineData("VAR=a=b", "a=b")]
    [InlineData("# VAR=no\n\n   \nVAR=yes", "yes")]
    [InlineData("VAR=one\nVAR=two", "two")]
    [InlineData("A=first\nVAR=$A", "first")]
    [InlineData("OTHER=own\nVAR=$OTHER", "from outside")]
    [InlineData("export VAR=x", "x")]
    [InlineData("VAR=\"two\nlines\"", "two\nlines")]
    [InlineData("VAR=crlf\r\n", "crlf")]
    [InlineData("\uFEFFVAR=mark", "mark")]
    public void Lines(string text, string expected) => Assert.Equal(expected, Variable(text));

    [Fact]
    public void A_name_alone_is_unset() => Assert.Null(Variable("VAR=x\nVAR"));

    [Theory]
    [InlineData("VAR='$OTHER'", "'$OTHER'")]
    [InlineData("VAR=$OTHER # all of it", "$OTHER # all of it")]
    public void A_raw_file_is_taken_as_it_is(string text, string expected) =>
        Assert.Equal(expected, Given.Web("env_file: [{path: web.env, format: raw}]").With("web.env", text).Variable("OTHER", "x")
            .Container().Env["VAR"]);

    [Theory]
    [InlineData("OK=1\nVAR=\"open", "web.env:2: has no closing \"")]
    [InlineData("VAR='a' b", "web.env:1: has 'b' after the closing '")]
    [InlineData("two words=x", "web.env:1: 'two words' is not the name of a variable; a line is NAME=VALUE")]
    [InlineData("=x", "web.env:1: '' is not the name of a variable; a line is NAME=VALUE")]
    [InlineData("VAR=${NONE:?must be}", "web.env:1: NONE is required: must be")]
    public void What_cannot_be_read_is_told_with_its_line(string text, string problem) =>
        Assert.Equal(problem, Given.Web("env_file: web.env").With("web.env", text).Problems());

    [Fact]
    public void Later_files_go_before_earlier_ones_and_the_environment_before_all()
    {
        var given = Given.Web("env_file: [a.env, b.env]\nenvironment: {C: c, D: }")
            .With("a.env", "A=1\nB=1\nC=1\nD=1").With("b.env", "B=2\nC=2");
        Assert.Equal("{A=1, B=2, C=c}", $"{given.Container().Env}");
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_problem_unless_it_is_not_required()
    {
        Assert.Equal("compose.yaml:4: services.web.env_file: web.env is not there", Given.Web("env_file: web.env").Problems());
        Assert.Equal("{}", $"{Given.Web("env_file: [{path: web.env, required: false}]").Container().Env}");
    }

    [Fact]
    public void The_file_of_the_project_gives_defaults_and_the_environment_goes_before_it()
    {
        var given = Given.Web("hostname: $A-$B").With(".env", "A=file\nB=file").Variable("B", "outside");
        Assert.Equal("file-outside", given.Container().Hostname);
    }

    [Fact]
    public void Named_files_take_the_place_of_the_project_s_own()
    {
        var given = Given.Web("hostname: ${A:-none}-$B").With(".env", "A=no").With("one.env", "B=1").With("two.env", "B=2")
            .Asking(it => it with { EnvFiles = ["one.env", "two.env"] });
        Assert.Equal("none-2", given.Container().Hostname);
    }

    private static string? Variable(string file) =>
        Given.Web("env_file: web.env").With("web.env", file).Variable("OTHER", "from outside").Container().Env["VAR"];
}
