using System.Net.Sockets;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.Runtime;

/// <summary>Whether a sidecar is ready, and where it listens.</summary>
public sealed class HealthTests(DaprWorld world)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("/v1.0/healthz"), InlineData("/v1.0/healthz/outbound"), InlineData("/v1.0/healthz?appid=conformance-a")]
    [Holds("8", "A ready sidecar answers its health routes with 204")]
    public async Task A_ready_sidecar_is_204(string path) => Assert.Equal("204 ", (await world.A1.Send(HttpMethod.Get, path)).ToString());

    [Fact, Holds("8", "Asked for another app id, health is 500 ERR_HEALTH_APPID_NOT_MATCH")]
    public async Task The_health_of_another_app_id_is_not_mine() =>
        Assert.Equal("500 ERR_HEALTH_APPID_NOT_MATCH", (await world.A1.Send(HttpMethod.Get, "/v1.0/healthz?appid=somebody")).Refusal);

    [Fact, Holds("4.2", "The SDK's health calls and WaitForSidecar succeed")]
    public async Task The_sdk_sees_a_healthy_sidecar()
    {
        Assert.True(await world.A1.Dapr.CheckHealthAsync(Cancel));
        Assert.True(await world.A1.Dapr.CheckOutboundHealthAsync(Cancel));
        await world.A1.Dapr.WaitForSidecarAsync(Cancel);
    }

    [Theory, InlineData("127.0.0.1"), InlineData("[::1]"), InlineData("localhost")]
    [Holds("10.2", "Sidecars listen on IPv4 and IPv6 loopback")]
    public async Task Http_listens_on_both_loopbacks(string host)
    {
        if (host != "127.0.0.1" && !Socket.OSSupportsIPv6) Assert.Skip("this machine has no IPv6");
        using var http = new HttpClient();
        using var response = await http.GetAsync($"http://{host}:{world.A1.Address.HttpPort}/v1.0/healthz", Cancel);
        Assert.Equal(204, (int)response.StatusCode);
    }

    [Theory, InlineData("127.0.0.1"), InlineData("[::1]")]
    [Holds("10.2", "Sidecars listen on IPv4 and IPv6 loopback")]
    public async Task Grpc_listens_on_both_loopbacks(string host)
    {
        if (host != "127.0.0.1" && !Socket.OSSupportsIPv6) Assert.Skip("this machine has no IPv6");
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress($"http://{host}:{world.A1.Address.GrpcPort}");
        var metadata = await new Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient(channel)
            .GetMetadataAsync(new(), Wire.Metadata, Wire.Deadline, Cancel);
        Assert.Equal("conformance-a", metadata.Id);
    }
}
