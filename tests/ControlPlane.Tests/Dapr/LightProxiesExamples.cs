using System.Net;
using Dapr.Actors;
using Dapr.Actors.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Actors;

namespace Orchestrator.ControlPlane.Tests.Dapr;

/// <summary>Proxies that are copies of one of Dapr's, over HTTP as the sidecar sees it.</summary>
public sealed class LightProxiesExamples : IDisposable
{
    private readonly Sidecar sidecar = new();
    private readonly LightProxies proxies;

    public LightProxiesExamples() => proxies = new LightProxies(new ActorProxyFactory(
        new ActorProxyOptions { UseJsonSerialization = true, JsonSerializerOptions = ContractsJson.Options }, sidecar));

    public void Dispose() => sidecar.Dispose();

    [Fact]
    public async Task Each_proxy_calls_the_actor_it_was_made_for()
    {
        var (web, api) = (Master("web"), Master("api"));
        await api.LookAgain("sweep");
        await web.LookAgain("sweep");
        await Master("db").LookAgain("sweep");
        await proxies.CreateActorProxy<IMemberRegistry>(new ActorId("shard-0"), DaprNames.MemberRegistry).OverruleBrake();
        Assert.Equal(
            [
                "PUT v1.0/actors/ServiceMaster/api/method/LookAgain", "PUT v1.0/actors/ServiceMaster/web/method/LookAgain",
                "PUT v1.0/actors/ServiceMaster/db/method/LookAgain", "PUT v1.0/actors/MemberRegistry/shard-0/method/OverruleBrake",
            ],
            sidecar.Asked);
    }

    [Fact]
    public void What_is_made_with_options_of_its_own_is_no_model_for_others()
    {
        var own = proxies.CreateActorProxy<IServiceMaster>(new ActorId("web"), DaprNames.ServiceMaster, new ActorProxyOptions());
        Assert.NotSame(own, Master("web"));
        Assert.Equal("web", ((ActorProxy)Master("web")).ActorId.GetId());
    }

    private IServiceMaster Master(string name) => proxies.CreateActorProxy<IServiceMaster>(new ActorId(name), DaprNames.ServiceMaster);

    private sealed class Sidecar : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add($"{request.Method} {request.RequestUri!.AbsolutePath.TrimStart('/')}");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) });
        }
    }
}
