using System.Net;

namespace Orchestrator.Cli.Tests.Contexts;

public sealed class ContextExamples : IDisposable
{
    private readonly Orc orc = new();

    public ContextExamples() => orc.Api.On("GET /services", Things.Services());

    public void Dispose() => orc.Dispose();

    private string File => Path.Combine(orc.ConfigFolder, "contexts.json");

    [Fact]
    public async Task A_context_is_kept_where_nobody_else_reads_it_and_its_token_is_never_shown()
    {
        Assert.Equal(0, (await orc.Run("context", "add", "prod", "--server", "https://a,https://b", "--token", "hush")).Code);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        orc.Input = "quiet\n";
        await orc.Run("context", "add", "test", "--server", "http://t", "--token-stdin");
        Assert.Equal("    NAME   SERVER                TOKEN\n    prod   https://a,https://b   yes\n*   test   http://t              yes\n", (await orc.Run("context", "ls")).Out);
        Assert.DoesNotContain("hush", (await orc.Run("context", "ls", "-o", "json")).Out, StringComparison.Ordinal);

        await orc.Run("services");
        await orc.Run("context", "use", "prod");
        await orc.Run("services");
        await orc.Run("services", "--context", "test");
        Assert.Equal(["http://t/", "https://a/,https://b/", "http://t/"], orc.Servers);
        Assert.Equal(["quiet", "hush", "quiet"], orc.Api.Tokens);
        await orc.Run("context", "rm", "prod");
        Assert.Equal("test\n", (await orc.Run("context", "ls", "-o", "name")).Out);
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_current_context()
    {
        await orc.Run("context", "add", "prod", "--server", "http://context", "--token", "of-context");
        orc.Variables["ORCHESTRATOR_SERVER"] = "http://variable";
        await orc.Run("services");
        orc.Variables["ORCHESTRATOR_TOKEN"] = "of-variable";
        await orc.Run("services");
        await orc.Run("services", "--server", "http://option", "--token", "of-option");
        await orc.Run("services", "--context", "prod");
        Assert.Equal(["http://variable/", "http://variable/", "http://option/", "http://context/"], orc.Servers);
        // A context's token is for its cluster alone.
        Assert.Equal([null, "of-variable", "of-option", "of-variable"], orc.Api.Tokens);
    }

    [Fact]
    public async Task Without_any_the_cluster_of_this_machine_is_meant()
    {
        await orc.Run("services");
        orc.Variables["ORCHESTRATOR_DEFAULT_SERVER"] = "http://localhost:5555";
        await orc.Run("services");
        Assert.Equal(["http://localhost:5000/", "http://localhost:5555/"], orc.Servers);
    }

    [Theory]
    [InlineData(3, "there is no context 'pord'; did you mean prod?", "context", "use", "pord")]
    [InlineData(3, "there is no context 'x'", "services", "--context", "x")]
    [InlineData(2, "--server is missing", "context", "add", "x")]
    [InlineData(2, "'ftp://x' is not the address of a master, such as http://localhost:5000", "context", "add", "x", "--server", "ftp://x")]
    [InlineData(2, "'ftp://x' is not the address of a master, such as http://localhost:5000", "services", "--server", "ftp://x")]
    public async Task What_cannot_be_is_said(int code, string words, params string[] line)
    {
        await orc.Run("context", "add", "prod", "--server", "http://p");
        var ran = await orc.Run(line);
        Assert.Equal((code, $"orc: {words}"), (ran.Code, ran.Error.Split('\n')[0]));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        await System.IO.File.WriteAllTextAsync(File, "{", TestContext.Current.CancellationToken);
        var ran = await orc.Run("services");
        Assert.Equal(1, ran.Code);
        Assert.Contains($"orc: {File} cannot be read", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, 1, "→ give one with ORCHESTRATOR_TOKEN")]
    [InlineData(HttpStatusCode.Forbidden, 1, "→ a token of another role may")]
    [InlineData(HttpStatusCode.PreconditionFailed, 4, "→ look at it again")]
    [InlineData(HttpStatusCode.NotFound, 3, "")]
    public async Task Every_refusal_says_what_to_do_next(HttpStatusCode status, int code, string next)
    {
        orc.Api.Refuse("GET /services", status, "refused");
        var ran = await orc.Run("services");
        Assert.Equal(code, ran.Code);
        Assert.Contains(next, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_nobody_answers_it_says_how_to_begin()
    {
        orc.Api.On("GET /services", _ => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        var ran = await orc.Run("services");
        Assert.Equal((1, "orc: the master does not answer: http://localhost:5000: refused"), (ran.Code, ran.Error.Split('\n')[0]));
        Assert.Contains("→ start one here with ./orchestrator up", ran.Error, StringComparison.Ordinal);
    }
}
