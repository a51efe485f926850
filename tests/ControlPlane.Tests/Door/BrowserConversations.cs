using System.Net.Http.Headers;
using Orchestrator.ControlPlane.Tests.Api;

namespace Orchestrator.ControlPlane.Tests.Door;

/// <summary>What a page on another site makes a browser on this machine send.</summary>
public sealed class BrowserConversations : IAsyncDisposable
{
    private const string MountsEtc = """{"image":"evil","volumes":[{"source":"/etc","target":"/host"}]}""";

    private readonly ControlPlaneOverHttp api = new();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData(null)]
    public async Task A_body_that_a_form_can_send_creates_nothing(string? type)
    {
        var answer = await Post(type);
        Assert.Equal("415 a body is JSON, with Content-Type: application/json and without Content-Encoding", answer.Words);
        Assert.Equal("application/problem+json", answer.Type);
        await NothingWasCreated();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/merge-patch+json")]
    public async Task Every_name_of_JSON_is_accepted(string type) => Assert.Equal(201, (await Post(type)).Status);

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_is_refused_whatever_it_asks(string origin)
    {
        foreach (var request in new[] { "GET /services", "DELETE /services/web", "POST /services/web/restart" })
        {
            Assert.Equal(
                $"403 requests from pages of '{origin}' are not accepted", (await api.Ask(request, null, ("Origin", origin))).Words);
        }

        Assert.Equal(403, (await Post("application/json", ("Origin", origin))).Status);
        await NothingWasCreated();
    }

    [Fact]
    public async Task A_page_of_this_master_itself_is_served() =>
        Assert.Equal(200, (await api.Ask("GET /services", null, ("Origin", "http://localhost"))).Status);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:5000")]
    [InlineData("10.0.0.5:5000")]
    [InlineData("localhost.evil.example")]
    public async Task A_name_that_was_made_to_point_here_is_refused(string host)
    {
        var name = host.Split(':')[0];
        Assert.Equal(
            $"421 '{name}' is no name of this master; ALLOWED_HOSTS names those it answers to",
            (await api.Ask("GET /services", null, ("Host", host))).Words);
        Assert.Equal(421, (await Post("application/json", ("Host", host), ("Origin", $"http://{host}"))).Status);
        await NothingWasCreated();
    }

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1:5000")]
    [InlineData("[::1]:5000")]
    [InlineData("master-a:5000")]
    [InlineData("masters.example")]
    [InlineData("10.0.0.9")]
    public async Task Loopback_and_the_names_that_were_configured_are_served(string host)
    {
        await using var open = new ControlPlaneOverHttp(("ALLOWED_HOSTS", "masters.example, 10.0.0.9"));
        Assert.Equal(200, (await open.Ask("GET /services", null, ("Host", host))).Status);
    }

    private async Task NothingWasCreated() => Assert.Equal("[]", (await api.Ask("GET /services"))["services"].ToJsonString());

    private async Task<Answer> Post(string? type, params (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri("/services/web", UriKind.Relative));
        message.Content = new StringContent(MountsEtc);
        message.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in headers) message.Headers.Add(name, value);
        return await api.Send(message);
    }
}
