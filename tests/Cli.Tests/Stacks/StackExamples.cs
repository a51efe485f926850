using System.Net;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Cli.Tests.Stacks;

/// <summary>What can be asked of a stack.</summary>
public sealed class StackExamples : IDisposable
{
    private readonly Orc orc = new();

    public StackExamples()
    {
        orc.Api.On("GET /stacks", Shop.Lines).On("GET /stacks/shop", Shop.View);
        orc.Api.On("GET /services/shop-web", Things.Web(1, 1));
        orc.Api.Refuse("GET /stacks/shpo", HttpStatusCode.NotFound, "there is no stack 'shpo'");
    }

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task All_of_them_are_listed() => Assert.Equal(
        """
        NAME   STATE       SERVICES   DEPLOYMENT         AGE   REASON
        shop   deploying   2          7, deploy by ada   5m

        """.ReplaceLineEndings("\n"), (await orc.Run("stack", "ls")).Out);

    [Fact]
    public async Task One_is_told_with_its_services_and_deployments()
    {
        var ran = await orc.Run("stack", "inspect", "shop");
        foreach (var line in new[]
        {
            "web    shop-web   web:1   1/1         running",
            "db     shop-db                        not there               somebody has removed it",
            "6            deploy   rolled-back   ada   65m   60m    db failed: exit code 1",
        }) Assert.Contains(line, ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_services_and_its_instances_are_listed()
    {
        Assert.Equal("web\ndb\n", (await orc.Run("stack", "services", "shop", "-o", "name")).Out);
        Assert.Equal("web-1-r1-a1\n", (await orc.Run("stack", "ps", "shop", "-o", "name")).Out);
    }

    [Theory]
    [InlineData("POST /stacks/shop/rollback {\"deployment\":6}", StackAction.Rollback, "rollback", "shop", "--to", "6")]
    [InlineData("POST /stacks/shop/restart", StackAction.Restart, "restart", "shop")]
    [InlineData("POST /stacks/shop/cancel?why=no", StackAction.Deploy, "cancel", "shop", "--why", "no")]
    [InlineData("POST /stacks/shop/resume", StackAction.Deploy, "resume", "shop")]
    [InlineData("DELETE /stacks/shop", StackAction.Remove, "rm", "shop", "--yes")]
    public async Task Each_wish_is_asked_for_and_its_deployment_told(string asked, StackAction action, params string[] verb)
    {
        var (method, path) = (asked.Split(' ')[0], asked.Split(' ')[1].Split('?')[0]);
        orc.Api.On($"{method} {path}", Shop.Deployment(action: action), HttpStatusCode.Accepted);
        var ran = await orc.Run(["stack", .. verb]);
        Assert.Equal(0, ran.Code);
        Assert.StartsWith("shop: deployment 7, ", ran.Out, StringComparison.Ordinal);
        Assert.Equal(asked, Assert.Single(orc.Api.Changes));
    }

    [Fact]
    public async Task Waiting_for_its_removal_ends_when_it_is_forgotten()
    {
        orc.Api.On("DELETE /stacks/shop", Shop.Deployment(action: StackAction.Remove), HttpStatusCode.Accepted);
        orc.Api.Refuse("GET /stacks/shop/deployments/7", HttpStatusCode.NotFound, "no deployment 7 of a stack 'shop' is kept");
        var ran = await orc.Run("stack", "rm", "shop", "--yes", "--wait");
        Assert.Equal((0, "✓ shop: nothing is left of it\n"), (ran.Code, ran.Out));
    }

    [Fact]
    public async Task Waiting_for_a_cancel_ends_when_all_is_what_it_was_before()
    {
        orc.Api.On("POST /stacks/shop/cancel", Shop.Deployment(DeploymentState.RollingBack), HttpStatusCode.Accepted);
        orc.Api.On("GET /stacks/shop/deployments/7", Shop.Deployment(DeploymentState.Cancelled));
        var ran = await orc.Run("stack", "cancel", "shop", "--wait");
        Assert.Equal((0, "✓ shop: deployment 7 is cancelled, and all is what it was before\n"), (ran.Code, ran.Out));
    }

    [Fact]
    public async Task Its_removal_is_asked_about_first()
    {
        var ran = await orc.Run("stack", "rm", "shop");
        Assert.Equal(2, ran.Code);
        Assert.Contains("Remove shop with 2 services? nobody is there to be asked", ran.Error, StringComparison.Ordinal);
        Assert.Empty(orc.Api.Changes);
    }

    [Fact]
    public async Task One_that_is_not_there_is_not_found()
    {
        var ran = await orc.Run("stack", "inspect", "shpo");
        Assert.Equal((3, "orc: there is no stack 'shpo'\n→ orc stack ls lists what there is\n"), (ran.Code, ran.Error));
    }

    [Fact]
    public async Task What_would_be_done_is_shown_with_dry_run()
    {
        orc.Api.On("POST /stacks/shop/restart", Shop.Plan);
        var ran = await orc.Run("stack", "restart", "shop", "--dry-run");
        Assert.StartsWith("shop: 2 services in 2 waves, nothing done\n", ran.Out, StringComparison.Ordinal);
        Assert.Equal("POST /stacks/shop/restart?dryRun=true", Assert.Single(orc.Api.Changes));
    }
}
