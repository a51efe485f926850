using System.Text.Json;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Tests.Values;

public sealed class WrittenExamples
{
    private const string Answer = """{"outcome":"done","service":{"name":"web","later":[1, 2]},"foundOn":[],"problems":[]}""";

    [Fact]
    public void What_is_handed_on_stays_as_it_came() =>
        Assert.Equal(Answer, JsonSerializer.Serialize(Read<Passed>(Answer), ContractsJson.Options));

    [Fact]
    public void It_is_read_where_somebody_looks_into_it()
    {
        var answer = Read<ServiceAnswer>("""{"outcome":"done","service":null}""");
        Assert.Null(answer.Service);
        var problem = Read<Holder>("""{"what":{"field":"image","reason":"is required"}}""").What!;
        Assert.Equal(new FieldProblem("image", "is required"), problem.Value);
        Assert.Equal(new Written<FieldProblem>(new("image", "is required")), problem);
    }

    [Fact]
    public void What_was_made_here_is_written_like_any_value() => Assert.Equal(
        """{"what":{"field":"image","reason":"is required"}}""",
        JsonSerializer.Serialize(new Holder(new(new FieldProblem("image", "is required"))), ContractsJson.Options));

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ContractsJson.Options)!;

    private sealed record Holder(Written<FieldProblem>? What);

    private sealed record Passed(
        ServiceOutcome Outcome, Written<ServiceView> Service, ValueList<string> FoundOn, ValueList<FieldProblem> Problems);
}
