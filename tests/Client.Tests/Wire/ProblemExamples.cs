using System.Net;
using System.Text;
using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Services;
using static Orchestrator.Client.Tests.PlayedMasters;

namespace Orchestrator.Client.Tests.Wire;

public sealed class ProblemExamples
{
    [Fact]
    public async Task Every_field_comes_with_its_reason()
    {
        var problem = await Ask(Problem(
            HttpStatusCode.BadRequest,
            """{"title":"The request cannot be accepted as it is","detail":"x","errors":{"image":["is required"],"ports[0].container":["is 0","is bad"]}}"""));
        Assert.Equal(
            [new FieldProblem("image", "is required"), new("ports[0].container", "is 0"), new("ports[0].container", "is bad")],
            problem.Errors);
        Assert.Equal(("The request cannot be accepted as it is", "x"), (problem.Title, problem.Detail));
    }

    [Fact]
    public async Task What_holds_a_worker_comes_in_sentences() => Assert.Equal(
        ["one", "two"],
        (await Ask(Problem(HttpStatusCode.Conflict, """{"detail":"x","worker":"w","empty":false,"holds":["one","two"]}"""))).Holds);

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "the API wants a token")]
    [InlineData(HttpStatusCode.Forbidden, "the token is not allowed to do this")]
    [InlineData(HttpStatusCode.NotFound, "Not Found")]
    public async Task What_stands_before_a_master_may_say_it_otherwise(HttpStatusCode status, string words) => Assert.Equal(
        words, (await Ask(new(status) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") })).Message);

    [Fact]
    public async Task A_problem_that_is_none_is_told_by_its_status() =>
        Assert.Equal("Conflict", (await Ask(Problem(HttpStatusCode.Conflict, "{"))).Message);

    private static async Task<ProblemException> Ask(HttpResponseMessage answer)
    {
        using var client = new PlayedMasters().With("a", _ => answer).Client();
        return await Assert.ThrowsAsync<ProblemException>(() => client.Services.Get("web", TestContext.Current.CancellationToken));
    }
}
