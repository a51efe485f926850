using System.Text.Json.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Stacks;

namespace Orchestrator.Core.Tests.Stacks;

public sealed class StackWishExamples
{
    private static string Problems(string json, string stack = "shop") =>
        string.Join("; ", StackReading.Of(stack, JsonNode.Parse(json)!.AsObject()).Problems.Select(it => $"{it.Field} {it.Reason}"));

    [Theory]
    [InlineData("""{"services":{"db":{"image":"db:1"},"web":{"image":"web:1","dependsOn":{"db":"healthy"}}}}""", "")]
    [InlineData("""{"services":{"db":{"image":"db:1"},"web":{"image":"web:1","dependsOn":["db"]}},"onFailure":"pause"}""", "")]
    [InlineData("""{}""", "services is required")]
    [InlineData("""{"services":{}}""", "services has 0 services; allowed are 1 to 100")]
    [InlineData("""{"services":["db"]}""", "services is not an object of services")]
    [InlineData("""{"services":{"db":{"image":"db:1"}},"onfailure":"pause"}""",
        "onfailure is not a known field; known are deadline, onFailure, services")]
    [InlineData("""{"services":{"db":{"image":"db:1"}},"onFailure":"retreat"}""", "onFailure is not one of rollback, pause, continue")]
    [InlineData("""{"services":{"db":{"image":"db:1"}},"deadline":"0"}""", "deadline is 0s; allowed are 1s to 24h")]
    [InlineData("""{"services":{"db":{"image":""},"web":{"image":"web:1","ports":[0]}}}""",
        "services.db.image is required; services.web.ports[0].container is 0; allowed are 1 to 65,535")]
    [InlineData("""{"services":{"db":{"imag":"db:1"}}}""", "services.db.imag is not a known field; known are ")]
    [InlineData("""{"services":{"db":5}}""", "services.db is not an object with the fields of a service")]
    [InlineData("""{"services":{"D B":{"image":"db:1"}}}""",
        "services.D B consists of lower-case letters, digits and hyphens, and begins and ends with a letter or digit")]
    [InlineData("""{"services":{"a-service-with-a-name-of-forty-characters":{"image":"db:1"}}}""",
        "services.a-service-with-a-name-of-forty-characters is 41 characters long; at most 40 are allowed")]
    [InlineData("""{"services":{"a-name-that-is-too-long-with-its-stack":{"image":"db:1"}}}""",
        "services.a-name-that-is-too-long-with-its-stack is too long: the service would be called "
            + "shop-a-name-that-is-too-long-with-its-stack, which is 43 characters; at most 40 are allowed")]
    [InlineData("""{"services":{"web":{"image":"web:1","dependsOn":{"db":"healthy"}}}}""",
        "services.web.dependsOn.db there is no service db in the stack; there are web")]
    [InlineData("""{"services":{"web":{"image":"web:1","dependsOn":{"web":"healthy"}}}}""",
        "services.web.dependsOn.web is the service itself")]
    [InlineData("""{"services":{"db":{"image":"db:1"},"web":{"image":"web:1","dependsOn":{"db":"ready"}}}}""",
        "services.web.dependsOn.db is not one of started, healthy, completed")]
    [InlineData("""{"services":{"db":{"image":"db:1"},"web":{"image":"web:1","dependsOn":{"db":"completed"}}}}""",
        "services.web.dependsOn.db db runs on and on: only a job completes")]
    [InlineData("""{"services":{"db":{"image":"db:1"},"web":{"image":"web:1","dependsOn":"db"}}}""",
        """services.web.dependsOn is an object such as {"db":"healthy"}, or a list of names""")]
    [InlineData("""{"services":{"db":{"image":"db:1","labels":{"orchestrator.stack":"other"}}}}""",
        "services.db.labels.orchestrator.stack is given by the stack itself")]
    [InlineData(
        """{"services":{"a":{"image":"a:1","dependsOn":["c"]},"b":{"image":"b:1","dependsOn":["a"]},"c":{"image":"c:1","dependsOn":["b"]}}}""",
        "services.a.dependsOn.c is part of a circle: a → c → b → a")]
    public void What_is_wrong_is_told_by_its_path(string json, string expected)
    {
        var problems = Problems(json);
        if (expected.EndsWith(' ')) Assert.StartsWith(expected, problems, StringComparison.Ordinal);
        else Assert.Equal(expected, problems);
    }

    [Fact]
    public void A_plan_says_what_changes_in_which_order_and_what_somebody_has_changed_by_hand()
    {
        var asked = StackGens.Of(("cache", "cache:1", []), ("db", "db:1", []), ("web", "web:1", ["db", "cache"]));
        var wanted = StackGens.Of(("db", "db:1", []), ("migrate", "migrate:1", ["db"]), ("web", "web:2", ["db", "migrate"]));
        var today = StackSpecs.All("shop", asked);
        today = today.With("web", today["web"]! with { Instances = 3 });
        Assert.Equal(
            """
            1: untouched db until healthy: it is what is wanted
            2: create migrate until healthy: there is none yet: migrate:1
            3: update web until healthy: image web:1 to web:2, instances 3 to 1; by hand somebody has changed instances 1 to 3
            4: remove cache: the stack does not name it any more
            """, Words(StackPlan.Of("shop", today, wanted, asked)));
        var former = ValueMap.To(("web", new FormerService(today["web"])), ("migrate", new FormerService(null)));
        Assert.Equal(
            """
            1: update web until healthy: it was web:1 before
            2: remove migrate: there was none before
            """, Words(StackPlan.Back(StackPlan.Of("shop", today, wanted, asked), former)));
    }

    [Fact]
    public void What_only_has_to_start_for_others_is_to_be_well_in_the_end()
    {
        var spec = StackGens.Of(("db", "db:1", []), ("web", "web:1", []));
        spec = spec with
        {
            Services = spec.Services.With("web", spec.Services["web"]! with
            {
                DependsOn = ValueMap.To(("db", StackCondition.Started)),
            }),
        };
        Assert.Equal(
            """
            1: create db until started: there is none yet: db:1
            2: create web until healthy: there is none yet: web:1
            3: untouched db until healthy: it has started before
            """, Words(StackPlan.Of("shop", new([]), spec, null)));
    }

    private static string Words(ValueList<StackWave> waves) => string.Join('\n', waves.Index().SelectMany(wave => wave.Item.Steps
        .Select(step => $"{wave.Index + 1}: {$"{step.Kind}".ToLowerInvariant()} {step.Service}"
            + (step.Until is { } until ? $" until {$"{until}".ToLowerInvariant()}" : "") + $": {step.Reason}")));
}
