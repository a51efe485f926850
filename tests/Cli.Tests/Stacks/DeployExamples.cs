using System.Net;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Cli.Tests.Stacks;

/// <summary>Verbs that read compose files.</summary>
public sealed class DeployExamples : IDisposable
{
    private const string Compose =
        """
        name: shop
        services:
          web:
            image: web:${TAG:-1}
            container_name: web
            secrets: [password]
            depends_on: [db]
          db: {image: "db:1", profiles: [all]}
        secrets:
          password: {file: password.txt}
        """;

    private readonly Orc orc = new();

    public DeployExamples()
    {
        File.WriteAllText(Path.Combine(orc.ConfigFolder, "compose.yaml"), Compose);
        File.WriteAllText(Path.Combine(orc.ConfigFolder, "password.txt"), "open sesame");
        orc.Api.On("PUT /secrets/shop_password", new ContentChanged("shop_password", 3, [], []));
        orc.Api.On("PUT /stacks/shop", Shop.Deployment(), HttpStatusCode.Accepted);
    }

    public void Dispose() => orc.Dispose();

    [Fact]
    public async Task Secrets_come_first_and_then_the_stack()
    {
        orc.Variables["TAG"] = "7";
        var ran = await Run("deploy", "--profile", "all", "--why", "to see");
        Assert.Equal((0, "shop: deployment 7, deploy, is running\n"), (ran.Code, ran.Out));
        Assert.Equal(2, orc.Api.Asked.Count);
        Assert.Equal("""PUT /secrets/shop_password?why=to%20see {"value":"open sesame"}""", orc.Api.Asked.First());
        var put = orc.Api.Asked.Last();
        Assert.StartsWith("PUT /stacks/shop?why=to%20see {", put, StringComparison.Ordinal);
        foreach (var part in new[] { "\"image\":\"web:7\"", "\"dependsOn\":{\"db\":\"started\"}", "\"source\":\"shop_password\"" })
            Assert.Contains(part, put, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_done_otherwise_is_said_beside_the_results()
    {
        var ran = await Run("deploy", "--profile", "*", "-o", "name");
        Assert.Equal((0, "shop\n"), (ran.Code, ran.Out));
        Assert.Contains("instead: services.*.container_name: instances are called after", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_refuses_that_and_nothing_is_asked_for()
    {
        var ran = await Run("deploy", "--profile", "all", "--strict");
        Assert.Equal((2, ""), (ran.Code, ran.Out));
        Assert.Contains("compose.yaml:5: services.web.container_name: instances are called after", ran.Error, StringComparison.Ordinal);
        Assert.Empty(orc.Api.Asked);
    }

    [Fact]
    public async Task Problems_are_told_with_their_places_and_are_errors_of_usage()
    {
        var ran = await Run("deploy");
        Assert.Equal(2, ran.Code);
        Assert.Contains("compose.yaml:7: services.web.depends_on[0]: service db is not enabled", ran.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "orc: 1 problem, and nothing was done\n→ what happens to each field is told in docs/compose.md\n", ran.Error, StringComparison.Ordinal);
        Assert.Empty(orc.Api.Asked);
    }

    [Fact]
    public async Task Waiting_tells_each_service_as_it_comes_on_and_ends_well()
    {
        orc.Api.OnEach("GET /stacks/shop/deployments/7", Shop.Deployment(), Shop.Deployment(db: StackStepState.Done, web: StackStepState.Applying),
            Shop.Deployment(DeploymentState.Done, StackStepState.Done, StackStepState.Done));
        var ran = await Run("deploy", "--profile", "all", "--wait");
        Assert.Equal((0, "✓ shop: deployment 7 is done, 2 services\n"), (ran.Code, ran.Out));
        Assert.Contains(
            """
            shop: wave 1: db: create applied
            shop: wave 1: db: healthy
            shop: wave 2: web: update applying
            shop: deployment 7, deploy, is done
            shop: wave 2: web: healthy
            """.ReplaceLineEndings("\n"), ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DeploymentState.RolledBack, "rolled-back", "orc stack inspect shop tells more")]
    [InlineData(DeploymentState.Superseded, "superseded", "orc stack inspect shop tells more")]
    [InlineData(DeploymentState.Paused, "paused", "orc stack resume shop tries again, orc stack cancel shop takes it back")]
    public async Task Waiting_for_one_that_does_not_come_through_fails_with_its_reason(DeploymentState state, string word, string next)
    {
        orc.Api.On("GET /stacks/shop/deployments/7", Shop.Deployment(state, reason: "db failed: exit code 1"));
        var ran = await Run("deploy", "--profile", "all", "--wait");
        Assert.Equal(1, ran.Code);
        Assert.EndsWith($"orc: shop: deployment 7 is {word}: db failed: exit code 1\n→ {next}\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_too_long_says_that_it_goes_on()
    {
        orc.Api.On("GET /stacks/shop/deployments/7", Shop.Deployment());
        var ran = await Run("deploy", "--profile", "all", "--wait", "--timeout", "5s");
        Assert.Equal(5, ran.Code);
        Assert.Contains("shop: deployment 7 is running after 5s, and goes on", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("deploy", "--dry-run")]
    public async Task A_plan_shows_waves_and_what_would_be_put_before_them(params string[] verb)
    {
        orc.Api.Refuse("GET /secrets/shop_password", HttpStatusCode.NotFound, "there is no secret 'shop_password'");
        orc.Api.On("PUT /stacks/shop", Shop.Plan);
        var ran = await Run([.. verb, "--profile", "all"]);
        Assert.Equal(0, ran.Code);
        Assert.Contains("+ secret shop_password would be put before the stack\n", ran.Error, StringComparison.Ordinal);
        Assert.StartsWith(
            """
            shop: 2 services in 2 waves, nothing done
            WAVE       SERVICE   STEP        UNTIL     WHY
            1      +   db        create      healthy   it is new
            2          web       untouched             nothing changes
            2      -   old       remove                it is not named any more

            db: 2 steps, none of them taken
            """.ReplaceLineEndings("\n"), ran.Out, StringComparison.Ordinal);
        Assert.StartsWith("PUT /stacks/shop?dryRun=true", Assert.Single(orc.Api.Changes), StringComparison.Ordinal);
        Assert.DoesNotContain("shop_password", orc.Api.Changes.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_external_must_be_there_before_anything_is_put()
    {
        await File.WriteAllTextAsync(Path.Combine(orc.ConfigFolder, "over.yaml"), "secrets: {password: !override {external: true}}",
            TestContext.Current.CancellationToken);
        orc.Api.Refuse("GET /secrets/password", HttpStatusCode.NotFound, "there is no secret 'password'");
        var ran = await Run("deploy", "--profile", "all", "-f", Path.Combine(orc.ConfigFolder, "over.yaml"));
        Assert.Equal(3, ran.Code);
        Assert.Contains("orc: there is no secret 'password', which the compose file calls external", ran.Error, StringComparison.Ordinal);
        Assert.Empty(orc.Api.Changes);
    }

    [Fact]
    public async Task Convert_shows_the_stack_and_asks_nobody()
    {
        var yaml = await Run("convert", "--profile", "all", "--name", "other");
        Assert.Equal(
            """
            services:
              db:
                image: db:1
              web:
                image: web:1
                secrets:
                  - source: other_password
                    target: password
                dependsOn:
                  db: started

            """.ReplaceLineEndings("\n"), yaml.Out);
        Assert.Contains("needs: secret other_password, which is put before the stack by orc deploy", yaml.Error, StringComparison.Ordinal);
        var json = await Run("convert", "--profile", "all", "-o", "json");
        Assert.StartsWith("{\n  \"services\": {\n    \"db\": {\n      \"image\": \"db:1\"", json.Out, StringComparison.Ordinal);
        Assert.Empty(orc.Api.Asked);
    }

    [Fact]
    public async Task A_file_may_come_through_a_pipe()
    {
        orc.Input = "services: {web: {image: i}}";
        var ran = await orc.Run("convert", "-f", "-", "--name", "piped");
        Assert.Equal((0, "services:\n  web:\n    image: i\n"), (ran.Code, ran.Out));
    }

    private Task<Ran> Run(params string[] arguments) =>
        orc.Run([arguments[0], "-f", Path.Combine(orc.ConfigFolder, "compose.yaml"), .. arguments[1..]]);
}
