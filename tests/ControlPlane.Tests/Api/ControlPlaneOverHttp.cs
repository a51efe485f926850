using System.Text;
using Dapr.Actors.Client;
using Dapr.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.ControlPlane.Tests.Description;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Tests.Workflows;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>The real program in memory: its actors live in this process, its store in a dictionary, its workers are played.</summary>
internal sealed class ControlPlaneOverHttp(params (string Name, string Value)[] settings) : WebApplicationFactory<Program>
{
    /// <summary>Where the sidecar would call.</summary>
    public const int AppPort = 1;

    private long sequence;
    private HttpClient? http;

    public FakeTimeProvider Clock { get; } = new(CalmCluster.Start);

    public FakeOrderTransport Workers { get; } = new();

    /// <summary>Asked by masters what they see.</summary>
    public FakeWorkerLines Lines { get; } = new();

    public DaprInMemory Store { get; init; } = new();

    public ActorsInMemory Actors => (ActorsInMemory)Services.GetRequiredService<IActorProxyFactory>();

    /// <summary>What else is replaced.</summary>
    public Action<IServiceCollection> Also { get; set; } = _ => { };

    private ActorCalls Calls => Services.GetRequiredService<ActorCalls>();

    /// <summary>Sends a request such as <c>POST /services/web</c>.</summary>
    public Task<Answer> Ask(string request, string? body = null, params (string Name, string Value)[] headers) =>
        Send(request, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), headers);

    /// <summary>The same, with a body that is described otherwise. Only answers that the API's description knows come back.</summary>
    public async Task<Answer> Send(string request, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Split(' ')[0]), new Uri(request.Split(' ')[1], UriKind.Relative));
        message.Content = body;
        foreach (var (name, value) in headers) message.Headers.TryAddWithoutValidation(name, value);
        return await Send(message);
    }

    public async Task<Answer> Send(HttpRequestMessage message)
    {
        http ??= CreateClient();
        using var response = await http.SendAsync(message, TestContext.Current.CancellationToken);
        var answer = await Answer.Of(response);
        await DocumentedAnswers.Check(message, answer);
        return answer;
    }

    /// <summary>Sends a request as the sidecar does, to the port that is its own; answers the status.</summary>
    public async Task<int> AskAsDapr(string request, params string[] tokens)
    {
        var context = await Server.SendAsync(it =>
        {
            (it.Request.Method, it.Request.Path, it.Request.Host) = (request.Split(' ')[0], request.Split(' ')[1], new("localhost"));
            it.Request.Headers["dapr-api-token"] = tokens;
            it.Connection.LocalPort = AppPort;
        }, TestContext.Current.CancellationToken);
        return context.Response.StatusCode;
    }

    /// <summary>Asks, while time passes quickly.</summary>
    /// <param name="step">Small where one deadline must not be missed for the next.</param>
    public async Task<Answer> AskAndWait(string request, string? body = null, int step = 500)
    {
        var asking = Ask(request, body);
        await Clock.PassUntil(asking, TimeSpan.FromMilliseconds(step));
        return await asking;
    }

    /// <summary>A worker renews its lease and says how many instances it has.</summary>
    public Task<LeaseAnswer> Renew(string worker, int instances = 0, string? zone = null, params string[] services)
    {
        var report = new WorkerReport
        {
            Name = worker, Incarnation = 1, Sequence = ++sequence, Address = "10.0.0.1", Services = [.. services],
            Capacity = new WorkerCapacity(8, ByteSize.Mi(8192)),
            Load = new WorkerLoad { Instances = instances },
            Labels = zone is null ? ValueMap.Empty : ValueMap.Of(("zone", zone)),
        };
        return Calls.Registry(registry => registry.Renew(report), TestContext.Current.CancellationToken);
    }

    /// <summary>The same, of a worker that says all of it itself.</summary>
    public Task<LeaseAnswer> Renew(WorkerReport report) => Calls.Registry(
        registry => registry.Renew(report with { Sequence = ++sequence }), TestContext.Current.CancellationToken);

    /// <summary>Another master tells that it lives.</summary>
    public Task Renew(MasterReport report) => Calls.Registry(async registry =>
    {
        await registry.RenewMaster(report);
        return true;
    }, TestContext.Current.CancellationToken);

    /// <summary>The workers carry out the orders that they have got so far, and tell so.</summary>
    public async Task CarryOut(string service = "web")
    {
        for (var done = 0; done < Workers.Orders.Count; done++)
        {
            var (worker, order) = Workers.Orders.ElementAt(done);
            if (order.Service == service) await Report(worker, order);
        }
    }

    /// <summary>A worker tells all that it has of a service.</summary>
    public Task Tell(string worker, string service, params (string Instance, Phase Phase)[] instances)
    {
        var report = new ServiceReport
        {
            Worker = worker, Service = service, Sequence = ++sequence, Complete = true,
            Instances = [.. instances.Select(it => new InstanceReport { Instance = it.Instance, Phase = it.Phase })],
        };
        return Calls.Service(service, async master =>
        {
            await master.Report(report);
            return true;
        }, TestContext.Current.CancellationToken);
    }

    /// <summary>A worker tells that nothing is left of an instance.</summary>
    public Task Forget(string worker, string service, string instance) => Calls.Service(service, async master =>
    {
        await master.Report(new()
        {
            Worker = worker, Service = service, Sequence = ++sequence, Complete = false, Gone = [instance],
        });
        return true;
    }, TestContext.Current.CancellationToken);

    /// <summary>A worker tells of one instance.</summary>
    public Task Tell(string worker, string service, InstanceReport instance) => Calls.Service(service, async master =>
    {
        await master.Report(new()
        {
            Worker = worker, Service = service, Sequence = ++sequence, Complete = false, Instances = [instance],
        });
        return true;
    }, TestContext.Current.CancellationToken);

    /// <summary>A worker says all of it itself.</summary>
    public Task Tell(ServiceReport report) => Calls.Service(report.Service, async master =>
    {
        await master.Report(report with { Sequence = ++sequence });
        return true;
    }, TestContext.Current.CancellationToken);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production").ConfigureLogging(logging => logging.ClearProviders());
        builder.UseSetting("APP_PORT", $"{AppPort}").UseSetting("MEMBER_NAME", "master-a").UseSetting("PUBLIC_URL", "http://master-a:5000");
        foreach (var (name, value) in settings) builder.UseSetting(name, value);
        builder.ConfigureTestServices(services => services
            .Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock))
            .Replace(ServiceDescriptor.Singleton(Store.Client))
            .Replace(ServiceDescriptor.Singleton<IActorProxyFactory>(it => new ActorsInMemory(it)))
            .Replace(ServiceDescriptor.Singleton<IOrderTransport>(Workers))
            .Replace(ServiceDescriptor.Singleton<IImageTransport>(Workers))
            .Replace(ServiceDescriptor.Singleton<IWorkerLines>(Lines))
            .Replace(ServiceDescriptor.Singleton<IVolumeTransport>(Workers))
            .Replace(ServiceDescriptor.Singleton<ISchedules>(new FakeSchedules()))
            .Replace(ServiceDescriptor.Singleton<ISeal>(new MemorySeal()))
            .AddSingleton<StacksInMemory>()
            .Replace(ServiceDescriptor.Singleton<IStackWork>(it => it.GetRequiredService<StacksInMemory>()))
            .Replace(ServiceDescriptor.Singleton<IStackNews>(it => it.GetRequiredService<StacksInMemory>())));
        // Without an engine nobody takes the workflows' work.
        builder.ConfigureTestServices(services =>
        {
            foreach (var it in services.Where(it => it.ServiceType == typeof(IHostedService)
                && it.ImplementationType?.Namespace?.StartsWith("Dapr.Workflow", StringComparison.Ordinal) == true).ToList())
                services.Remove(it);
            Also(services);
        });
    }

    private Task<bool> Report(string worker, Order order) => Calls.Service(order.Service, async master =>
    {
        var report = new ServiceReport { Worker = worker, Service = order.Service, Sequence = ++sequence, Complete = false };
        await master.Report(order switch
        {
            PrepareInstance => report with { Instances = [new InstanceReport { Instance = order.Instance, Phase = Phase.Prepared }] },
            RunInstance => report with { Instances = [new InstanceReport { Instance = order.Instance, Phase = Phase.Running }] },
            StopInstance => report with { Instances = [new InstanceReport { Instance = order.Instance, Phase = Phase.Exited }] },
            _ => report with { Gone = [order.Instance] },
        });
        return true;
    }, TestContext.Current.CancellationToken);
}
