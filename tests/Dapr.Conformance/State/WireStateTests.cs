using Conformance.Promises;
using Conformance.World;
using Grpc.Core;

namespace Conformance.State;

/// <summary>The plain state API on the wire: HTTP, and the gRPC status codes that the SDK hides.</summary>
public sealed class WireStateTests(DaprWorld world)
{
    private const string Root = "/v1.0/state/statestore";
    private readonly string _key = Unique.Name("http");

    private Task<Answer> Send(HttpMethod verb, string path, string? body = null, params (string, string)[] headers) =>
        world.B.Send(verb, Root + path, body, headers);

    [Fact, Holds("4.1", "HTTP: save, get with etag, delete")]
    public async Task A_value_lives_and_dies_over_http()
    {
        Assert.Equal("204 ", (await Send(HttpMethod.Post, "", $$"""[{"value":{"a":1},"key":"{{_key}}"}]""")).ToString());
        var stored = await Send(HttpMethod.Get, $"/{_key}");
        Assert.Equal("""200 {"a":1}""", stored.ToString());
        Assert.False(string.IsNullOrEmpty(stored.Headers["ETag"]));
        Assert.Equal("204 ", (await Send(HttpMethod.Delete, $"/{_key}")).ToString());
        Assert.Equal("204 ", (await Send(HttpMethod.Get, $"/{_key}")).ToString());
    }

    [Fact, Holds("4.1", "HTTP: a save with an old etag is 409")]
    public async Task A_save_with_an_old_etag_is_a_conflict()
    {
        await Send(HttpMethod.Post, "", $$"""[{"key":"{{_key}}","value":1}]""");
        var etag = (await Send(HttpMethod.Get, $"/{_key}")).Headers["ETag"];
        Assert.Equal(204, (await Send(HttpMethod.Post, "", $$"""[{"key":"{{_key}}","value":2,"etag":"{{etag}}"}]""")).Status);
        Assert.Equal(409, (await Send(HttpMethod.Post, "", $$"""[{"key":"{{_key}}","value":3,"etag":"{{etag}}"}]""")).Status);
        Assert.Equal(409, (await Send(HttpMethod.Delete, $"/{_key}", null, ("If-Match", etag))).Status);
        Assert.Equal("200 2", (await Send(HttpMethod.Get, $"/{_key}")).ToString());
    }

    [Fact, Holds("4.1", "HTTP: a transaction applies all of its operations")]
    public async Task A_transaction_over_http()
    {
        await Send(HttpMethod.Post, "", $$"""[{"key":"{{_key}}","value":1}]""");
        var answer = await Send(HttpMethod.Post, "/transaction", $$"""
            {"operations":[{"operation":"upsert","request":{"key":"{{_key}}-b","value":"b"} },{"operation":"delete","request":{"key":"{{_key}}" } }]}
            """);
        Assert.Equal("204 ", answer.ToString());
        Assert.Equal(["200 \"b\"", "204 "],
            [(await Send(HttpMethod.Get, $"/{_key}-b")).ToString(), (await Send(HttpMethod.Get, $"/{_key}")).ToString()]);
    }

    [Fact, Holds("4.1", "HTTP: bulk get answers every key")]
    public async Task Bulk_get_over_http()
    {
        await Send(HttpMethod.Post, "", $$"""[{"key":"{{_key}}","value":1}]""");
        var answer = await Send(HttpMethod.Post, "/bulk", $$"""{"keys":["{{_key}}","{{_key}}-none"]}""");
        Assert.Equal(200, answer.Status);
        var items = answer.Json.EnumerateArray().ToDictionary(item => item.GetProperty("key").GetString()!);
        Assert.Equal("1", items[_key].GetProperty("data").GetRawText());
        Assert.True(items[_key].TryGetProperty("etag", out _));
        Assert.False(items[$"{_key}-none"].TryGetProperty("data", out var data) && data.ValueKind != System.Text.Json.JsonValueKind.Null);
    }

    [Fact, Holds("4.1", "HTTP: a store that does not exist is 400 ERR_STATE_STORE_NOT_FOUND")]
    public async Task A_store_that_does_not_exist()
    {
        var answer = await world.B.Send(HttpMethod.Get, "/v1.0/state/no-such-store/k");
        Assert.Equal("400 ERR_STATE_STORE_NOT_FOUND", answer.Refusal);
    }

    [Fact, Holds("4.1", "HTTP: a body that is no list of items is 400 ERR_MALFORMED_REQUEST")]
    public async Task A_malformed_body() =>
        Assert.Equal("400 ERR_MALFORMED_REQUEST", (await Send(HttpMethod.Post, "", "{nonsense")).Refusal);

    [Fact, Holds("4.1", "HTTP: ttlInSeconds in an item's metadata")]
    public async Task Time_to_live_over_http()
    {
        await Send(HttpMethod.Post, "", $$"""[{"metadata":{"ttlInSeconds":"1"},"value":1,"key":"{{_key}}"}]""");
        Assert.Equal("200 1", (await Send(HttpMethod.Get, $"/{_key}")).ToString());
        await Eventually.Become(
            async () => (await Send(HttpMethod.Get, $"/{_key}")).Status, status =>
                status == 204, TimeSpan.FromSeconds(5), "the value is gone",
            TestContext.Current.CancellationToken);
    }

    [Fact, Holds("4.1", "gRPC: a save with an old etag is Aborted")]
    [Holds("10.15", "Aborted on etag conflict, empty data for missing keys, first-write insert-only")]
    public async Task An_old_etag_is_aborted_in_grpc()
    {
        await world.B.Dapr.SaveStateAsync("statestore", _key, 1, cancellationToken: TestContext.Current.CancellationToken);
        var (_, old) = await world.B.Dapr.GetStateAndETagAsync<int>(
            "statestore", _key, cancellationToken: TestContext.Current.CancellationToken);
        await world.B.Dapr.SaveStateAsync("statestore", _key, 2, cancellationToken: TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await world.B.Grpc.SaveStateAsync(
            new()
            {
                StoreName = "statestore",
                States = { new Dapr.Client.Autogen.Grpc.v1.StateItem { Key = _key, Value = Google.Protobuf.ByteString.CopyFromUtf8("3"),
                    Etag = new() { Value = old } } },
            }, Wire.Metadata, Wire.Deadline, TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Aborted, error.StatusCode);
    }

    [Fact, Holds("4.1", "What gRPC saves HTTP reads, and the other way round")]
    public async Task Http_and_grpc_see_the_same_state()
    {
        await world.B.Dapr.SaveStateAsync("statestore", _key, "über", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("über", (await Send(HttpMethod.Get, $"/{_key}")).Json.GetString());
        await Send(HttpMethod.Post, "", $$"""[{"key":"{{_key}}","value":"http"}]""");
        Assert.Equal("http", await world.B.Dapr.GetStateAsync<string>(
            "statestore", _key, cancellationToken: TestContext.Current.CancellationToken));
    }
}
