using System.Text.Json;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Tests.Stacks;

public sealed class StackExamples
{
    [Fact]
    public void The_fields_of_a_service_stand_beside_what_it_depends_on()
    {
        var stack = Read("""
            {"services":{"db":{"image":"db:1","mode":"global"},"web":{"image":"web:2","env":{"A":"b"},"dependsOn":{"db":"started"}}},
             "onFailure":"pause","deadline":"30s"}
            """);
        Assert.Equal(
            new StackSpec
            {
                OnFailure = FailureAction.Pause,
                Deadline = TimeSpan.FromSeconds(30),
                Services = ValueMap.To<StackService>(
                    ("db", new() { Spec = new() { Container = new() { Image = "db:1" }, Mode = ServiceMode.Global } }),
                    ("web", new()
                    {
                        Spec = new() { Container = new() { Image = "web:2", Env = ValueMap.Of(("A", "b")) } },
                        DependsOn = ValueMap.To(("db", StackCondition.Started)),
                    })),
            }, stack);
        Assert.Equal(stack, Read(JsonSerializer.Serialize(stack, ContractsJson.Options)));
    }

    [Fact]
    public void A_list_of_names_waits_until_they_are_healthy()
    {
        var web = Read("""{"services":{"web":{"image":"web:2","dependsOn":["db","cache"]}}}""").Services["web"]!;
        Assert.Equal(
            ValueMap.To(("cache", StackCondition.Healthy), ("db", StackCondition.Healthy)), web.DependsOn);
        Assert.Contains("""
            "dependsOn":{"cache":"healthy","db":"healthy"}
            """.Trim(), JsonSerializer.Serialize(web, ContractsJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_services_do_not_share_what_is_read_into_them()
    {
        var stack = Read("""{"services":{"a":{"image":"a:1","instances":2},"b":{"image":"b:1"}}}""");
        Assert.Equal(("a:1", 2), (stack.Services["a"]!.Spec.Container.Image, stack.Services["a"]!.Spec.Instances));
        Assert.Equal(("b:1", 1), (stack.Services["b"]!.Spec.Container.Image, stack.Services["b"]!.Spec.Instances));
    }

    [Theory]
    [InlineData("shop", null)]
    [InlineData("Shop", "lower-case")]
    [InlineData("a-name-that-leaves-no-room-for-a-service", "at most 38")]
    public void A_stack_is_named_like_a_service_and_leaves_room_for_one(string name, string? problem)
    {
        if (problem is null) Assert.Null(StackNames.Problem(name));
        else Assert.Contains(problem, StackNames.Problem(name), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_deployment_and_a_later_round_fence_off_what_was_before()
    {
        var mark = new StackMark("shop", 7, 1);
        Assert.True(mark.IsAfter(new("shop", 7, 0)) && mark.IsAfter(new("shop", 6, 5)));
        Assert.False(mark.IsAfter(new("shop", 8, 0)) || mark.IsAfter(mark) || mark.IsAfter(new("other", 1, 0)));
        Assert.True(mark.IsSameAs(mark with { Revision = 3 }));
    }

    private static StackSpec Read(string json) => JsonSerializer.Deserialize<StackSpec>(json, ContractsJson.Strict)!;
}
