namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>Every route of a service says the same of a name that cannot be and of one that is not there.</summary>
public sealed class NameConversations : IAsyncDisposable
{
    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    public static TheoryData<string, string?> OfOneService => new()
    {
        { "GET /services/{0}", null },
        { "PUT /services/{0}", """{"instances":3}""" },
        { "PUT /service/{0}", """{"instances":3}""" },
        { "DELETE /services/{0}", null },
        { "GET /service/{0}", null },
        { "DELETE /service/{0}", null },
        { "POST /services/{0}/rollback", null },
        { "POST /services/{0}/restart", null },
        { "POST /services/{0}/pause", null },
        { "POST /services/{0}/resume", null },
        { "POST /services/{0}/rebalance", null },
        { "GET /services/{0}/explain", null },
        { "GET /services/{0}/history", null },
    };

    [Theory]
    [MemberData(nameof(OfOneService))]
    public async Task A_service_that_is_not_there_is_not_found(string route, string? body) =>
        Assert.Equal("404 there is no service 'web'", (await api.Ask(string.Format(null, route, "web"), body)).Words);

    [Theory]
    [MemberData(nameof(OfOneService))]
    [InlineData("POST /services/{0}", """{"image":"web:1"}""")]
    [InlineData("POST /service/{0}", """{"image":"web:1"}""")]
    public async Task A_name_that_cannot_be_is_refused(string route, string? body)
    {
        Assert.Equal(
            "400 name: consists of lower-case letters, digits and hyphens, and begins and ends with a letter or digit",
            (await api.Ask(string.Format(null, route, "Web"), body)).Words);
        Assert.Equal(
            ["name: is 41 characters long; at most 40 are allowed"],
            (await api.Ask(string.Format(null, route, new string('a', 41)), body)).Errors);
        Assert.Equal(400, (await api.Ask(string.Format(null, route, "web%0a"), body)).Status);
    }

    [Theory]
    [InlineData("GET /nothing", 404, "there is nothing at /nothing; every route is described at /openapi/v1.json")]
    [InlineData("PATCH /services/web", 405, "PATCH is not offered at /services/web; offered are DELETE, GET, HEAD, POST, PUT")]
    [InlineData("DELETE /members", 405, "DELETE is not offered at /members; offered are GET, HEAD")]
    public async Task What_there_is_no_route_for_is_a_problem_that_says_what_there_is(string request, int status, string detail)
    {
        var answer = await api.Ask(request);
        Assert.Equal((status, "application/problem+json", $"{status}"), (answer.Status, answer.Type, $"{answer["status"]}"));
        Assert.Equal(detail, $"{answer["detail"]}");
    }

    [Theory]
    [InlineData("/members", 200)]
    [InlineData("/services", 200)]
    [InlineData("/services/web", 200)]
    [InlineData("/service/web", 200)]
    [InlineData("/services/web/explain", 200)]
    [InlineData("/services/web/history", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/services/api", 404)]
    public async Task The_headers_alone_can_be_asked_for(string path, int status)
    {
        await api.Ask("POST /services/web", """{"image":"web:1"}""");
        Assert.Equal(status, (await api.Ask($"HEAD {path}")).Status);
    }

    [Fact]
    public async Task The_routes_are_described_and_the_singular_ones_are_not()
    {
        var paths = (await api.Ask("GET /openapi/v1.json"))["paths"].AsObject().Select(it => it.Key);
        Assert.Equal(
            [
                "/backup", "/configs", "/configs/{name}", "/events", "/instances/{id}", "/instances/{id}/exec", "/instances/{id}/logs",
                "/instances/{id}/stats", "/instances/{id}/top", "/maintenance", "/members", "/members/brake/overrule",
                "/members/confirm-loss",
                "/registries", "/registries/{host}", "/restore", "/secrets", "/secrets/{name}",
                "/services", "/services/{name}", "/services/{name}/endpoints", "/services/{name}/events",
                "/services/{name}/explain", "/services/{name}/history", "/services/{name}/logs", "/services/{name}/pause",
                "/services/{name}/rebalance", "/services/{name}/release-volume", "/services/{name}/restart",
                "/services/{name}/resume", "/services/{name}/rollback", "/services/{name}/run", "/services/{name}/stats",
                "/stacks", "/stacks/{name}", "/stacks/{name}/cancel", "/stacks/{name}/deployments/{deployment}",
                "/stacks/{name}/restart", "/stacks/{name}/resume", "/stacks/{name}/rollback",
                "/volumes", "/volumes/{name}",
                "/workers/{name}/drain", "/workers/{name}/maintenance", "/workers/{name}/undrain",
            ],
            paths.Where(path => path[1..].Split('/')[0] is not ("actors" or "dapr" or "healthz")).Order(StringComparer.Ordinal));
    }
}
