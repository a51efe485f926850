using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;
using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;

namespace Conformance.LocalDaprOnly;

/// <summary>
/// Tokens both ways, on a LocalDapr that asks for them. Against foreign sidecars the whole suite runs with tokens
/// when DAPR_API_TOKEN is set; see the README.
/// </summary>
public sealed class TokenTests
{
    private readonly string _id = Unique.Name("token");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("2.8", "Without the API token HTTP is 401 and gRPC Unauthenticated; health needs none")]
    [Holds("10.17", "dapr-api-token both ways")]
    public async Task Callers_need_the_api_token()
    {
        await using var own = await OwnHost.Start(new() { ApiToken = "secret" });
        var (b, _) = await own.AddWireApp("b");
        var path = $"/v1.0/actors/Wire/{_id}/method/x";
        Assert.Equal(401, (await b.Send(HttpMethod.Put, path)).Status);
        Assert.Equal(401, (await b.Send(HttpMethod.Put, path, null, ("dapr-api-token", "wrong"))).Status);
        Assert.Equal(200, (await b.Send(HttpMethod.Put, path, null, ("dapr-api-token", "secret"))).Status);
        foreach (var health in new[] { "/v1.0/healthz", "/v1.0/healthz/outbound" })
            Assert.Equal(204, (await b.Send(HttpMethod.Get, health)).Status);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await b.Grpc.GetMetadataAsync(new(), cancellationToken: Cancel));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Equal("conformance-b",
            (await b.Grpc.GetMetadataAsync(new(), new Metadata { { "dapr-api-token", "secret" } }, cancellationToken: Cancel)).Id);
    }

    [Theory, InlineData("secret", null, null), InlineData(null, "for-the-app", "for-the-app"), InlineData(null, null, "secret")]
    [Holds("2.8", "The application gets the caller's token only when neither the sidecar nor the application has one")]
    public async Task The_callers_token_goes_on_when_nobody_asked_for_one(string? apiToken, string? appToken, string? arrives)
    {
        await using var own = await OwnHost.Start(new() { ApiToken = apiToken, AppToken = appToken });
        var (b, _) = await own.AddWireApp("b");
        await b.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/method/x", null, ("dapr-api-token", "secret"));
        await b.Send(HttpMethod.Get, $"/v1.0/invoke/conformance-b/method/{_id}", null, ("dapr-api-token", "secret"));
        var request = new InvokeServiceRequest
        {
            Id = "conformance-b", Message = new() { Method = _id, HttpExtension = new() { Verb = HTTPExtension.Types.Verb.Get } },
        };
        await b.Grpc.InvokeServiceAsync(request, new Metadata { { "dapr-api-token", "secret" } }, cancellationToken: Cancel);
        var calls = await Script.Received(_id, 3);
        Assert.All(calls, call => Assert.Equal(arrives, call.Header("dapr-api-token")));
    }

    [Fact, Holds("2.8", "The application gets the app token on every call, never the caller's")]
    [Holds("10.17", "dapr-api-token both ways")]
    public async Task The_application_gets_the_app_token()
    {
        await using var own = await OwnHost.Start(new() { ApiToken = "secret", AppToken = "for-the-app" });
        var (b, _) = await own.AddWireApp("b");
        var token = ("dapr-api-token", "secret");
        await b.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/method/x", null, token);
        await b.Send(HttpMethod.Get, $"/v1.0/invoke/conformance-b/method/{_id}", null, token);
        await b.Send(HttpMethod.Post, "/v1.0/publish/pubsub/events", $"\"{_id}\"", token);
        await b.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_id}/reminders/r", """{"dueTime":"0s"}""", token);
        var calls = await Script.Received(_id, 4);
        Assert.All(calls, call => Assert.Equal("for-the-app", call.Header("dapr-api-token")));
    }
}
