using System.Net;
using Orchestrator.Client.Services;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using static Orchestrator.Client.Tests.PlayedMasters;

namespace Orchestrator.Client.Tests.Stacks;

public sealed class StackExamples
{
    private const string Deployment =
        """{"id":7,"action":"deploy","state":"running","who":"ada","at":"2026-11-27T12:00:00+00:00"}""";

    private static readonly StackSpec Shop = new()
    {
        Services = ValueMap.To(
            ("db", new StackService { Spec = new() { Container = new() { Image = "db:1" } } }),
            ("web", new StackService
            {
                Spec = new() { Container = new() { Image = "web:1" } }, DependsOn = ValueMap.To(("db", StackCondition.Started)),
            })),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, StackChange, string> Wishes => new()
    {
        { "PUT a/stacks/shop?why=because", new DeploySpec(Shop), """"image":"web:1"""" },
        { "DELETE a/stacks/shop?why=because", new RemoveStack(), "" },
        { "POST a/stacks/shop/rollback?why=because", new RollBackStack(3), """{"deployment":3}""" },
        { "POST a/stacks/shop/restart?why=because", new RestartStack(), "" },
        { "POST a/stacks/shop/cancel?why=because", new CancelDeployment(), "" },
        { "POST a/stacks/shop/resume?why=because", new ResumeDeployment(), "" },
    };

    [Theory, MemberData(nameof(Wishes), DisableDiscoveryEnumeration = true)]
    public async Task Each_wish_is_asked_for_once_by_its_id(string words, StackChange wish, string body)
    {
        var masters = new PlayedMasters().With("a", _ => Json(Deployment, HttpStatusCode.Accepted));
        using var client = masters.Client();
        var deployment = await client.Stacks.Change("shop", wish, new ChangeTerms { Why = "because", IfMatch = "3" }, Cancel);
        Assert.Equal((7, DeploymentState.Running), (deployment.Id, deployment.State));
        var asked = Assert.Single(masters.Questions);
        Assert.Equal(words, Assert.Single(masters.Words));
        Assert.Contains(body, asked.Body, StringComparison.Ordinal);
        Assert.Equal("\"3\"", asked.Headers["If-Match"]);
        Assert.True(asked.Headers.ContainsKey("X-Request-Id"));
    }

    [Fact]
    public async Task A_change_goes_on_at_the_next_master_under_the_same_id()
    {
        var masters = new PlayedMasters().With("a", _ => throw Died()).With("b", _ => Json(Deployment, HttpStatusCode.Accepted));
        using var client = masters.Client();
        await masters.Pass(client.Stacks.Deploy("shop", Shop, cancel: Cancel));
        Assert.Equal(["PUT a/stacks/shop", "PUT b/stacks/shop"], masters.Words);
        Assert.Single(masters.Questions.Select(it => it.Headers["X-Request-Id"]).Distinct());
    }

    [Fact]
    public async Task A_plan_is_a_dry_run()
    {
        var masters = new PlayedMasters().With("a", _ => Json(
            """{"waves":[{"steps":[{"service":"db","kind":"create","reason":"it is new","until":"healthy"}]}]}"""));
        using var client = masters.Client();
        var plan = await client.Stacks.Plan("shop", new DeploySpec(Shop), cancel: Cancel);
        Assert.Equal(new StackPlanStep("db", StackStepKind.Create, "it is new", StackCondition.Healthy), plan.Waves[0].Steps[0]);
        Assert.Equal("PUT a/stacks/shop?dryRun=true", Assert.Single(masters.Words));
    }

    [Fact]
    public async Task Stacks_are_listed_page_after_page_and_one_may_be_none()
    {
        var masters = new PlayedMasters().With("a", it => it.Target switch
        {
            "/stacks?limit=1" => Json("""{"stacks":[{"name":"a","state":"deployed"}],"next":"a"}"""),
            "/stacks?after=a&limit=1" => Json("""{"stacks":[{"name":"b","state":"failed"}]}"""),
            _ => Problem(HttpStatusCode.NotFound, "{}"),
        });
        using var client = masters.Client();
        Assert.Equal(["a", "b"], await client.Stacks.List(pageSize: 1, cancel: Cancel).Select(it => it.Name).ToListAsync(Cancel));
        Assert.Null(await client.Stacks.Find("shop", Cancel));
        await Assert.ThrowsAsync<Problems.ProblemException>(() => client.Stacks.Deployment("shop", 7, Cancel));
        Assert.Equal("GET a/stacks/shop/deployments/7", masters.Words.Last());
    }
}
