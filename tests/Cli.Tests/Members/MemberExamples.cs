using System.Net;

namespace Orchestrator.Cli.Tests.Members;

public sealed class MemberExamples : IDisposable
{
    private const string All = """
        {"members":[{"name":"control-plane-1","role":"master","address":"http://localhost:5000","status":"ready"},
        {"name":"worker-a","role":"worker","address":"10.0.0.1","status":"suspect","note":"silent for 2s","load":{"cpu":0.25,"memory":0.5,"instances":3}}],
        "brake":"2 of 3 workers have vanished"}
        """;

    private readonly Orc orc = new();

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task Members_are_listed_and_the_brake_is_told()
    {
        orc.Api.On("GET /members", All);
        var ran = await orc.Run("members");
        Assert.Contains("worker-a          worker   suspect   10.0.0.1                25 %   50 %     3           silent for 2s", ran.Out, StringComparison.Ordinal);
        Assert.Equal("brake: 2 of 3 workers have vanished; orc members overrule-brake says otherwise\n", ran.Error);
        Assert.Equal("control-plane-1\nworker-a\n", (await orc.Run("members", "-o", "name")).Out);
    }

    [Fact]
    public async Task The_page_is_that_of_a_master_which_answers()
    {
        orc.Api.On("GET /members", All);
        var ran = await orc.Run("open", "--print", "--server", "http://b:5001");
        Assert.Equal(
            ("http://b:5001/\n", "the whole API is described at http://b:5001/docs\n"), (ran.Out, ran.Error));
        Assert.Equal("http://localhost:5000/ui/services/web\n", (await orc.Run("open", "web", "--print")).Out);
    }

    [Fact]
    public async Task A_drain_that_is_waited_for_tells_each_thing_that_holds_it_once()
    {
        var left = 3;
        orc.Api.On("POST /workers/worker-a/drain", _ => left-- > 0
            ? PlayedApi.Json("""{"title":"t","detail":"x","holds":["web-1-r1-a1: its successor starts"]}""", HttpStatusCode.Conflict,
                "application/problem+json")
            : PlayedApi.Json("""{"worker":"worker-a","empty":true,"holds":[]}"""));
        var ran = await orc.Run("drain", "worker-a", "--wait");
        Assert.Equal((0, "✓ worker-a is empty\n", "web-1-r1-a1: its successor starts\n"), (ran.Code, ran.Out, ran.Error));
    }

    [Fact]
    public async Task A_drain_that_takes_too_long_goes_on()
    {
        orc.Api.On("POST /workers/worker-a/drain", _ =>
        {
            orc.Clock.Advance(TimeSpan.FromSeconds(2));
            return PlayedApi.Json("""{"title":"t","detail":"x","holds":["web-1-r1-a1: no room"]}""", HttpStatusCode.Conflict,
                "application/problem+json");
        });
        var ran = await orc.Run("drain", "worker-a", "--wait", "--timeout", "5s");
        Assert.Equal(ExitCodes.GoesOn, ran.Code);
        Assert.Contains("orc: worker-a is not empty after 5s, and drains on: web-1-r1-a1: no room", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_a_person_can_know_is_asked_for()
    {
        orc.Api.On("POST /members/brake/overrule?dryRun=true", Things.Plan).On("POST /members/brake/overrule", "", HttpStatusCode.NoContent)
            .On("POST /members/confirm-loss", "", HttpStatusCode.NoContent);
        Assert.Equal(2, (await orc.Run("members", "overrule-brake")).Code);
        Assert.Equal(0, (await orc.Run("members", "overrule-brake", "--yes")).Code);
        Assert.Equal(0, (await orc.Run("members", "confirm-loss", "worker-a", "-y")).Code);
        Assert.Equal("""POST /members/confirm-loss {"workers":["worker-a"]}""", orc.Api.Asked.Last());
    }
}
