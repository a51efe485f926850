using Conformance.Promises;
using Conformance.World;

namespace Conformance.Runtime;

/// <summary>Requests that no sidecar serves.</summary>
public sealed class RouteTests(DaprWorld world)
{
    [Fact, Holds("1.5", "A path that does not exist is 404")]
    public async Task An_unknown_path_is_404() => Assert.Equal(404, (await world.A1.Send(HttpMethod.Get, "/v1.0/nothing/here")).Status);

    [Fact, Holds("4.1", "An alpha method that is not served is Unimplemented or an error, never a success")]
    public async Task An_unserved_method_is_no_success() =>
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await world.A1.Grpc.GetSecretAsync(
            new() { StoreName = "no-such-secrets", Key = "k" }, Wire.Metadata, Wire.Deadline, TestContext.Current.CancellationToken));
}
