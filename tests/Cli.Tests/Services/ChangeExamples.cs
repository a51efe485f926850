using System.Net;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Tests.Services;

/// <summary>Verbs that change services.</summary>
public sealed class ChangeExamples : IDisposable
{
    private readonly Orc orc = new();

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task Run_asks_for_what_the_command_line_says()
    {
        orc.Api.On("POST /services/web", Things.Web(0, 3), HttpStatusCode.Created);
        orc.Variables["FROM_HERE"] = "here";
        var ran = await orc.Run(
            "run", "web:1", "--name", "web", "-p", "8080:80", "--replicas", "3", "-e", "A=1", "-e", "FROM_HERE", "-l", "team=a", "-v", "data:/data",
            "--memory", "64m", "--cpus", "0.5", "--health-http", "/", "--constraint", "zone == a", "--secret", "pw:password",
            "--set", "update.monitor=1s", "--why", "to see", "--", "serve", "--fast");
        Assert.Equal((0, "web: created, 3 instances of web:1 wanted\n", ""), (ran.Code, ran.Out, ran.Error));
        var asked = Assert.Single(orc.Api.Asked);
        Assert.StartsWith("POST /services/web?why=to%20see ", asked, StringComparison.Ordinal);
        foreach (var part in new[]
        {
            "\"image\":\"web:1\"", "\"command\":[\"serve\",\"--fast\"]", "\"env\":{\"A\":\"1\",\"FROM_HERE\":\"here\"}",
            "\"instances\":3", "\"host\":8080", "\"labels\":{\"team\":\"a\"}", "\"source\":\"data\"", "\"memory\":\"64Mi\"", "\"cpu\":0.5",
            "\"path\":\"/\"", "\"constraints\":[\"zone == a\"]", "\"target\":\"password\"", "\"monitor\":\"1s\"",
        }) Assert.Contains(part, asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry.example.com/team/shop:1", "shop")]
    [InlineData("nginx", "nginx")]
    public async Task Without_a_name_it_has_that_of_its_image(string image, string name)
    {
        orc.Api.On($"POST /services/{name}", Things.Web(0, 1), HttpStatusCode.Created);
        Assert.Equal(0, (await orc.Run("run", image)).Code);
    }

    [Fact]
    public async Task A_file_says_what_the_command_line_does_not()
    {
        var file = Path.Combine(orc.ConfigFolder, "web.yaml");
        await File.WriteAllTextAsync(file, "image: web:2\ninstances: 2\nenv:\n  PORT: \"80\"\n", TestContext.Current.CancellationToken);
        orc.Api.On("POST /services/web", Things.Web(0, 5), HttpStatusCode.Created);
        await orc.Run("run", "--name", "web", "-f", file, "-n", "5");
        Assert.Contains("\"image\":\"web:2\"", orc.Api.Asked.Single(), StringComparison.Ordinal);
        Assert.Contains("\"instances\":5", orc.Api.Asked.Single(), StringComparison.Ordinal);
        Assert.Contains("\"PORT\":\"80\"", orc.Api.Asked.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orc: no image is given", "run")]
    [InlineData("orc: -e NOTHING: there is no such variable here", "run", "web:1", "-e", "NOTHING")]
    [InlineData("orc: --set x: is no name=value", "run", "web:1", "--set", "x")]
    [InlineData("orc: instances: ", "run", "web:1", "--set", "instances=many")]
    [InlineData("orc: --replicas is a number from 0 to 5000, not 'x'", "run", "web:1", "--replicas", "x")]
    [InlineData("orc: there is no option '--replica'; did you mean --replicas?", "run", "web:1", "--replica=3")]
    [InlineData("orc: nothing to change is given", "update", "web")]
    [InlineData("orc: 'web' says not how many of which service", "scale", "web")]
    [InlineData("orc: --timeout is a duration such as 90s or 5m, not '1'", "scale", "web=1", "--timeout", "1")]
    public async Task What_cannot_be_meant_is_said_and_nothing_is_asked(string words, params string[] line)
    {
        var ran = await orc.Run(line);
        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.StartsWith(words, ran.Error, StringComparison.Ordinal);
        Assert.Contains("\n→ ", ran.Error, StringComparison.Ordinal);
        Assert.Empty(orc.Api.Asked);
    }

    [Fact]
    public async Task Update_changes_what_is_given_and_takes_away_what_is_named()
    {
        orc.Api.On("PUT /services/web", Things.Web(3, 3, revision: 2));
        var ran = await orc.Run("update", "web", "--image", "web:2", "-e", "B=2", "--env-rm", "A");
        Assert.Equal((0, "web: revision 2 is wanted\n"), (ran.Code, ran.Out));
        Assert.Equal(["""PUT /services/web {"env":{"B":"2","A":null},"image":"web:2"}"""], orc.Api.Asked);
    }

    [Fact]
    public async Task Several_are_scaled_when_none_of_them_is_refused()
    {
        orc.Api.On("PUT /services/web?dryRun=true", Things.Plan).On("PUT /services/web", Things.Web(3, 5))
            .On("PUT /services/api?dryRun=true", Things.Plan).On("PUT /services/api", Things.Web(3, 2) with { Name = "api" });
        var ran = await orc.Run("scale", "web=5", "api=2");
        Assert.Equal("web: 5 instances wanted\napi: 2 instances wanted\n", ran.Out);

        orc.Api.Refuse("PUT /services/api?dryRun=true", HttpStatusCode.NotFound, "there is no service 'api'")
            .On("GET /services", Things.Services("apis"));
        orc.Api.Asked.Clear();
        ran = await orc.Run("scale", "web=5", "api=2");
        Assert.Equal((3, "orc: there is no service 'api'; did you mean apis?\n→ orc services lists what there is\n"), (ran.Code, ran.Error));
        Assert.DoesNotContain(orc.Api.Changes, it => !it.Contains("dryRun=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_shows_the_steps_with_their_reasons()
    {
        orc.Api.On("PUT /services/web?dryRun=true", Things.Plan);
        Assert.Equal(
            """
            web: 2 steps, none of them taken
                STEP      OF            WORKER     WHEN                          WHY
            ~   changed                            at once                       changed instances 3 to 4
            +   run       web-4-r1-a1   worker-b   after web-1-r1-a1 has ended   fewest instances
            waits: slot 5: no room

            """, (await orc.Run("scale", "web=4", "--dry-run")).Out);
        Assert.Contains("\"kind\": \"run\"", (await orc.Run("scale", "web=4", "--dry-run", "-o", "json")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollback", "POST /services/web/rollback", "POST /services/web/rollback {\"revision\":3}", "--to", "3")]
    [InlineData("restart", "POST /services/web/restart", "POST /services/web/restart?pull=true", "--pull")]
    [InlineData("pause", "POST /services/web/pause", "POST /services/web/pause")]
    [InlineData("resume", "POST /services/web/resume", "POST /services/web/resume")]
    [InlineData("rebalance", "POST /services/web/rebalance", "POST /services/web/rebalance")]
    public async Task Each_verb_of_a_rollout_asks_for_it(string verb, string route, string asked, params string[] options)
    {
        orc.Api.On(route, Things.Web(3, 3));
        var ran = await orc.Run([verb, "web", .. options]);
        Assert.Equal(0, ran.Code);
        Assert.StartsWith("web: ", ran.Out, StringComparison.Ordinal);
        Assert.Equal([asked], orc.Api.Asked);
    }

    [Fact]
    public async Task Who_waits_is_told_how_it_goes_and_what_came_of_it()
    {
        orc.Api.On("PUT /services/web", Things.Web(3, 3, revision: 2, rollout: "revision 2: 0/3 updated"))
            .OnEach("GET /services/web", Things.Web(3, 3, 2, "revision 2: 1/3 updated"), Things.Web(3, 3, 2, "revision 2: 1/3 updated"),
                Things.Web(3, 3, 2, "revision 2: 2/3 updated"), Things.Web(3, 3, 2));
        var ran = await orc.Run("update", "web", "--image", "web:2", "--wait");
        Assert.Equal((0, "✓ web: 3 instances run\n"), (ran.Code, ran.Out));
        Assert.Equal("web: revision 2 is wanted\nweb: revision 2: 1/3 updated\nweb: revision 2: 2/3 updated\n", ran.Error);
    }

    [Fact]
    public async Task What_is_rolled_back_has_failed()
    {
        orc.Api.On("PUT /services/web", Things.Web(3, 3, revision: 2)).On(
            "GET /services/web", Things.Web(3, 3, 1) with { LastRollout = "revision 2 was rolled back to 1: exit code 3" });
        var ran = await orc.Run("update", "web", "--image", "bad", "--wait");
        Assert.Equal(ExitCodes.Failed, ran.Code);
        Assert.EndsWith(
            "orc: web: revision 2 was rolled back to 1: exit code 3\n→ orc explain web and orc history web tell more\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_time_is_over_it_goes_on()
    {
        orc.Api.On("PUT /services/web", Things.Web(1, 3)).On("GET /services/web", Things.Web(1, 3) with { Waiting = ["slot 2: no room"] });
        var ran = await orc.Run("scale", "web=3", "--wait", "--timeout", "10s", "-o", "json");
        Assert.Equal(
            (ExitCodes.GoesOn, "orc: web is not as wished after 10s, and goes on: 1/3 run; slot 2: no room\n"),
            (ran.Code, ran.Error[..(ran.Error.IndexOf('\n', StringComparison.Ordinal) + 1)]));
    }

    [Fact]
    public async Task What_is_there_already_is_a_conflict()
    {
        orc.Api.Refuse("POST /services/web", HttpStatusCode.Conflict, "there is a service 'web' already; change it with PUT");
        var ran = await orc.Run("run", "web:1");
        Assert.Equal(ExitCodes.Conflict, ran.Code);
        Assert.Contains("→ orc update changes it, orc rm takes it away", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_field_that_is_wrong_is_named()
    {
        orc.Api.Refuse(
            "POST /services/web", HttpStatusCode.BadRequest, "x", ""","errors":{"image":["is required"],"ports[0].container":["is 0"]}""");
        var ran = await orc.Run("run", "web:1");
        Assert.Equal(ExitCodes.Usage, ran.Code);
        Assert.StartsWith("orc: refused\n  image: is required\n  ports[0].container: is 0\n→ ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_removed_unless_somebody_says_so()
    {
        orc.Api.On("GET /services/web", Things.Web(2, 2)).On(
            "DELETE /services/web", Things.Web(2, 2) with { Withdrawing = true, State = ServiceState.Withdrawing }, HttpStatusCode.Accepted);
        var ran = await orc.Run("rm", "web");
        Assert.Equal((2, "orc: Remove web with its 2 instances? nobody is there to be asked"), (ran.Code, ran.Error.Split('\n')[0]));
        Assert.Empty(orc.Api.Changes);

        (orc.MayAsk, orc.Input) = (true, "n\n");
        Assert.Equal((1, true), ((await orc.Run("rm", "web")).Code, !orc.Api.Changes.Any()));
        orc.Input = "y\n";
        ran = await orc.Run("rm", "web");
        Assert.Equal((0, "web: is being removed\n", "Remove web with its 2 instances? [y/N] "), (ran.Code, ran.Out, ran.Error));
        orc.MayAsk = false;
        Assert.Equal(0, (await orc.Run("rm", "web", "--yes")).Code);
        Assert.Equal(2, orc.Api.Changes.Count());
    }
}
