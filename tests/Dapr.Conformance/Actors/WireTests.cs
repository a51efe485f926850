using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.Actors;

/// <summary>Actor calls byte by byte: what goes into the hosting application and what comes out of it.</summary>
public sealed class WireTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("wire");

    private string Path(string method) => $"/v1.0/actors/Wire/{_id}/method/{method}";

    [Fact, Holds("2.5", "The application receives PUT /actors/{type}/{id}/method/{method} with the caller's body and content type")]
    public async Task The_application_gets_the_callers_body_and_content_type()
    {
        using var request = Replica.Request(HttpMethod.Post, Path("take"), "<x>ü</x>", "application/xml; charset=utf-8");
        using var response = await world.A1.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var call = Assert.Single(Script.Calls(_id));
        Assert.Equal($"PUT /actors/Wire/{_id}/method/take <x>ü</x>", call.ToString());
        Assert.Equal("application/xml; charset=utf-8", call.Header("Content-Type"));
    }

    [Fact, Holds("2.5", "Custom headers and X-DaprRequestHeader reach the application unchanged")]
    public async Task Headers_reach_the_application_unchanged()
    {
        var remoting = "<?xml version=\"1.0\"?><z:anyType xmlns:i=\"x\">" + new string('h', 1000) + "</z:anyType>";
        await world.A1.Send(HttpMethod.Put, Path("take"), "{}", ("X-DaprRequestHeader", remoting), ("x-mine", "a b;c=d"));
        var call = Assert.Single(Script.Calls(_id));
        Assert.Equal(remoting, call.Header("X-DaprRequestHeader"));
        Assert.Equal("a b;c=d", call.Header("x-mine"));
    }

    [Fact, Holds("2.5", "The trace of a caller goes on in the application that hosts the actor")]
    public async Task The_trace_of_the_caller_goes_on()
    {
        await world.B.Send(HttpMethod.Put, Path("take"), "{}", ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        Assert.StartsWith(
            "00-4bf92f3577b34da6a3ce929d0e0e4736-", Assert.Single(Script.Calls(_id)).Header("traceparent"), StringComparison.Ordinal);
    }

    [Fact, Holds("2.5", "The API token of a caller ends at a sidecar that asks for it; one that asks for none forwards it")]
    public async Task The_callers_token_ends_where_it_is_asked_for()
    {
        var asked = Environment.GetEnvironmentVariable("DAPR_API_TOKEN");
        var token = asked ?? "a-token-nobody-asked-for";
        await world.B.Send(HttpMethod.Put, Path("take"), null, ("dapr-api-token", token));
        var arrived = Assert.Single(Script.Calls(_id)).Header("dapr-api-token");
        if (asked is null) Assert.Equal(token, arrived);
        else Assert.NotEqual(token, arrived);
    }

    [Fact, Holds("1.2", "Status 200, body, content type and headers of the application come back verbatim")]
    [Holds("10.6", "X-DaprErrorResponseHeader and status 200 are forwarded")]
    public async Task The_answer_comes_back_verbatim()
    {
        Script.For(_id, new Reply(200, "[1, 2 ]", "application/x-mine", ("X-DaprErrorResponseHeader", "<e>1</e>"), ("x-own", "1")));
        var answer = await world.A1.Send(HttpMethod.Put, Path("take"));
        Assert.Equal("200 [1, 2 ]", answer.ToString());
        Assert.Equal("application/x-mine", answer.ContentType);
        Assert.Equal("<e>1</e>", answer.Headers["X-DaprErrorResponseHeader"]);
        Assert.Equal("1", answer.Headers["x-own"]);
    }

    [Theory, InlineData(201), InlineData(202), InlineData(204), InlineData(400), InlineData(409), InlineData(500), InlineData(503)]
    [Holds("2.5", "Only status 200 is success")]
    [Holds("10.7", "Only status 200 is actor success")]
    public async Task Only_200_is_success(int status)
    {
        Script.For(_id, new Reply(status));
        var answer = await world.A1.Send(HttpMethod.Put, Path("take"));
        Assert.Equal("500 ERR_ACTOR_INVOKE_METHOD", answer.Refusal);
        Assert.Contains($"error from actor service: ({status})", answer.Body, StringComparison.Ordinal);
    }

    [Fact, Holds("2.5", "404 of the application means that the method does not exist")]
    public async Task A_404_of_the_application_is_a_missing_method()
    {
        Script.For(_id, new Reply(404));
        var answer = await world.A1.Send(HttpMethod.Put, Path("nothing"));
        Assert.InRange(answer.Status, 400, 500);
        Assert.Equal("ERR_ACTOR_INVOKE_METHOD", answer.ErrorCode);
        Assert.Contains("method not found", answer.Body, StringComparison.Ordinal);
        Assert.Single(Script.Calls(_id));
    }

    [Fact, Holds("1.1", "An actor id with a character that a path cannot carry is refused")]
    public async Task Names_that_a_path_cannot_carry_are_refused()
    {
        var answer = await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}%23x/method/take");
        Assert.Equal(400, answer.Status);
        Assert.Empty(Script.Calls(_id));
    }

    [Theory, InlineData("GET", "state/x", 403), InlineData("PUT", "timers/x", 403), InlineData("PUT", "reminders/x", 403),
        InlineData("PUT", "method/take", 500)]
    [Holds("1.5", "Types that Dapr reserves for itself: state, timers and reminders are 403, a call of a method is 500")]
    public async Task Reserved_types_are_refused(string verb, string what, int status)
    {
        var path = $"/v1.0/actors/dapr.internal.default.x.workflow/{_id}/{what}";
        var answer = await world.A1.Send(new HttpMethod(verb), path, verb == "PUT" ? """{"dueTime":"1h"}""" : null);
        Assert.Equal(status, answer.Status);
    }

    [Fact, Holds("1.2", "`remind/x` and `timer/x` cannot be called from outside")]
    public async Task A_reminder_cannot_be_faked_from_outside()
    {
        var answer = await world.A1.Send(HttpMethod.Put, Path("remind/x"), "{}");
        Assert.InRange(answer.Status, 400, 500);
        Assert.Empty(Script.Calls(_id));
    }
}
