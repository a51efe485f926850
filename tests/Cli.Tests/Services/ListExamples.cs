using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Tests.Services;

/// <summary>Every form of what is shown.</summary>
public sealed class ListExamples : IDisposable
{
    private readonly Orc orc = new();

    public ListExamples() => orc.Api.On("GET /services", Things.Services("api", "web")).On("GET /services/web", Things.Web(2, 3));

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task A_table_has_what_people_look_for()
    {
        Assert.Equal(
            """
            NAME   IMAGE   INSTANCES   STATE      WAITS FOR
            api    api:1   2/3         starting   its image is pulled
            web    web:1   2/3         starting   its image is pulled

            """, (await orc.Run("services")).Out);
        Assert.Contains("REVISION   WORKERS", (await orc.Run("services", "-o", "wide")).Out, StringComparison.Ordinal);
        Assert.Equal(
            """
            INSTANCE      WORKER     STATE     PORTS                 AGE   MESSAGE
            web-1-r1-a1   worker-a   running   127.0.0.1:33001->80   5m
            web-2-r1-a1   worker-a   running   127.0.0.1:33002->80   5m

            """, (await orc.Run("ps", "web")).Out);
    }

    [Theory]
    [InlineData("name", "api\nweb\n")]
    [InlineData("json", "[\n  {\n    \"name\": \"api\",")]
    [InlineData("yaml", "- name: api\n  image: api:1\n")]
    public async Task Programs_have_forms_of_their_own(string form, string begin) =>
        Assert.StartsWith(begin, (await orc.Run("services", "-o", form)).Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{.Name}} {{.running}}/{{.Wanted}}", "api 2/3\nweb 2/3\n")]
    [InlineData("{{.Workers}}\\t{{json .Labels}}", "worker-a\t{}\nworker-a\t{}\n")]
    [InlineData("{{.Workers.0}} {{.Nothing.There}}|", "worker-a |\nworker-a |\n")]
    public async Task A_template_is_a_line_for_each(string template, string written) =>
        Assert.Equal(written, (await orc.Run("services", "--format", template)).Out);

    [Fact]
    public async Task A_template_that_is_none_is_said()
    {
        var ran = await orc.Run("services", "--format", "{{name}}");
        Assert.Equal((2, "orc: '{{name}}' is no field of a template"), (ran.Code, ran.Error.Split('\n')[0]));
    }

    [Fact]
    public async Task Colours_are_shown_where_they_are_seen_and_wanted()
    {
        orc.IsColoured = true;
        Assert.Contains("\u001b[33mstarting\u001b[0m", (await orc.Run("services")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", (await orc.Run("services", "--no-color")).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", (await orc.Run("services", "-o", "json")).Out, StringComparison.Ordinal);
        orc.Variables["NO_COLOR"] = "1";
        Assert.DoesNotContain("\u001b", (await orc.Run("services")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_none_is_told_how_to_make_one()
    {
        orc.Api.On("GET /services", new ServiceList([], null));
        Assert.Equal("there is no service; orc run nginx --name web -p 80 makes one\n", (await orc.Run("services")).Out);
        Assert.Equal("[]\n", (await orc.Run("services", "-o", "json")).Out);
    }

    [Fact]
    public async Task A_list_is_sieved_by_the_API()
    {
        await orc.Run("service", "ls", "-l", "team=a", "--state", "running", "--worker", "w");
        Assert.Equal(["GET /services?limit=500&label=team%3Da&state=running&worker=w"], orc.Api.Asked);
        Assert.Equal(2, (await orc.Run("services", "--state", "well")).Code);
    }

    [Fact]
    public async Task One_service_is_told_with_what_it_waits_for()
    {
        orc.Api.On("GET /services/web", Things.Web(2, 3) with { Waiting = ["slot 3: no room"], Notes = ["worker-a runs other bytes"] });
        var told = (await orc.Run("service", "inspect", "web")).Out;
        foreach (var line in new[] { "Image      web:1\n", "Instances  2 of 3 run\n", "waits: slot 3: no room\n", "note: worker-a runs",
            "web-1-r1-a1" })
            Assert.Contains(line, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_and_explanation_are_sentences()
    {
        orc.Api.On("GET /services/web/history", """
            {"name":"web","revisions":[{"number":1,"inForce":true,"who":"ann","when":"2026-11-27T11:00:00Z","why":"created","spec":{"image":"web:1"},"content":{}}],
             "events":[{"at":"2026-11-27T11:00:00Z","kind":"created","what":"created as revision 1","who":"ann"}]}
            """).On("GET /services/web/explain?from=1", """
            {"name":"web","revision":1,"updateOrder":"start-first","slots":[
              {"slot":1,"instance":"web-1-r1-a1","worker":"worker-a","phase":"running","reason":"fewest instances"},
              {"slot":2,"waiting":"no worker has room","refusals":[{"rule":"memory","workers":2}],"refused":[{"worker":"worker-a","rule":"memory","why":"1 GiB is left"}]}]}
            """);
        Assert.Contains("1 (in force)   web:1   ann   created", (await orc.Run("history", "web")).Out, StringComparison.Ordinal);
        var why = (await orc.Run("explain", "web")).Out;
        Assert.Contains("slot 1: web-1-r1-a1 on worker-a, running\n  why  fewest instances\n", why, StringComparison.Ordinal);
        Assert.Contains("refused by  memory (2 workers)\n  worker-a: memory: 1 GiB is left\n", why, StringComparison.Ordinal);
        orc.Api.On("GET /services/web/explain?from=7", """{"name":"web","revision":1,"updateOrder":"x","slots":[]}""");
        Assert.Equal(3, (await orc.Run("explain", "web", "--slot", "7")).Code);
    }
}
