using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Description;

/// <summary>One of each kind, as it is on the wire.</summary>
internal static class Examples
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PlanView Plan = new([new("run", "web-4-r1-a1", "worker-b", "slot 4 is empty")], []);

    private static readonly ServiceView Service = new()
    {
        Name = "web", Revision = 1, Epoch = 1, Observed = true, Running = 1, State = ServiceState.Running,
        Spec = new() { Container = new() { Image = "nginx:1.27", Ports = [new(80)] } },
        Instances =
        [
            new()
            {
                Name = "web-1-r1-a1", Slot = 1, Revision = 1, Worker = "worker-a", Phase = Phase.Running, StartedAt = Noon,
                Ports = [new(80, 32768, "127.0.0.1")], Reason = "fewest instances of web",
            },
        ],
    };

    private static readonly StackDeployment Deployment = new()
    {
        Id = 2, Action = StackAction.Deploy, State = DeploymentState.Running, Who = "ann", At = Noon, Wave = 1, Since = Noon,
        Waves =
        [
            new(
            [
                new()
                {
                    Service = "web", Kind = StackStepKind.Update, Reason = "image shop:1 to shop:2", Until = StackCondition.Healthy,
                    State = StackStepState.Applied, Since = Noon, Note = "revision 2: 0/1 updated, 1 starting",
                },
            ]),
        ],
    };

    private static readonly object[] All =
    [
        Service, Plan, Deployment,
        new StackPlanView([new([new("web", StackStepKind.Update, "image shop:1 to shop:2", StackCondition.Healthy, Plan)])]),
        new StackList([new() { Name = "shop", State = StackState.Deployed, Services = ["db", "web"] }], null),
        new StackView
        {
            Name = "shop", State = StackState.Deploying, Spec = new(), Deployment = Deployment,
            Services = [new() { Name = "web", Service = "shop-web", Exists = true, State = ServiceState.Updating, Image = "shop:2" }],
        },
        new ServiceList(
            [
                new()
                {
                    Name = "web", Image = "nginx:1.27", Revision = 1, Wanted = 3, Observed = true, Running = 3,
                    State = ServiceState.Running,
                    Workers = ["worker-a", "worker-b"],
                },
            ], null),
        new MemberList(
            [
                new() { Name = "master-a", Role = MemberRole.Master, Address = "http://localhost:5000", Status = WorkerHealth.Ready },
                new()
                {
                    Name = "worker-a", Role = MemberRole.Worker, Address = "127.0.0.1", Status = WorkerHealth.Ready, Services = ["web"],
                    Capacity = new(8, ByteSize.Mi(8192)), Load = new() { Cpu = 0.2, Memory = 0.4, Instances = 3 },
                },
            ], null),
        new VolumeList(
            [
                new()
                {
                    Name = "shop", Worker = "worker-a", Driver = "local", CreatedAt = Noon, InUse = true, Containers = ["shop-1-r1-a1"],
                    Holders = [new("shop", [1])],
                },
            ], []),
        new ServiceEndpoints("web", Observed: true,
        [
            new()
            {
                Address = "10.0.0.1", Port = 32768, Container = 80, Protocol = PortProtocol.Tcp, Name = "http", Instance = "web-1-r1-a1",
                Slot = 1, Revision = 1, Worker = "worker-a",
            },
        ]),
        new ClusterEvent
        {
            At = Noon, Kind = EventKind.Instance, What = "web-1-r1-a1 is running on worker-a", Service = "web", Instance = "web-1-r1-a1",
            Slot = 1, Revision = 1, Worker = "worker-a", Phase = Phase.Running, Health = InstanceHealth.None,
        },
        new DrainAnswer("worker-a", Empty: true, []),
        new ServiceExplanation
        {
            Name = "web", Revision = 1, UpdateOrder = "start-first",
            Slots = [new() { Slot = 1, Instance = "web-1-r1-a1", Worker = "worker-a", Phase = Phase.Running }],
        },
        new ServiceHistory
        {
            Name = "web", Events = [new(Noon, HistoryKind.Created, "created as revision 1: nginx:1.27, 3 instances", null, 1)],
        },
    ];

    public static Dictionary<string, IOpenApiExample> Taken(TakenBody body) => body switch
    {
        { Shape: var shape } when shape == typeof(ReleasedVolume) => Of(("slot", """{"slot":1}""")),
        { Shape: var shape } when shape == typeof(StackSpec) => Of(("shop", """
            {
              "services": {
                "db": {"image": "postgres:17", "volumes": ["data:/var/lib/postgresql/data"]},
                "web": {"image": "shop:2", "ports": [80], "dependsOn": {"db": "healthy"}}
              }
            }
            """)),
        { Shape: var shape } when shape == typeof(MaintenanceWish) => Of(("disks", """{"reason":"new disks","deadline":"30m"}""")),
        { Shape: var shape } when shape == typeof(MaintenanceRoundWish) => Of(
            ("all", """{"reason":"kernel"}"""), ("two", """{"workers":["worker-a","worker-b"],"atATime":2}""")),
        { Shape: var shape } when shape == typeof(RollStackBackTo) => Of(("kept", """{"deployment":1}""")),
        { Shape: var shape } when shape == typeof(RollBackTo) => Of(("kept", """{"revision":1}""")),
        { Shape: var shape } when shape == typeof(GoneWorkers) => Of(("two", """{"workers":["worker-a","worker-b"]}""")),
        { Shape: var shape } when shape == typeof(Backup) => Of(
            ("none", """{"schema":1,"parts":[{"name":"services","schema":1,"items":[]}],"by":"master-a"}""")),
        { Shape: var shape } when shape == typeof(RegistryLogin) => Of(
            ("password", """{"username":"deploy","password":"…"}"""), ("secret", """{"username":"deploy","passwordSecret":"registry"}"""),
            ("helper", """{"helper":"ecr-login"}""")),
        { Shape: var shape } when shape == typeof(SecretValue) => Of(
            ("text", """{"value":"…"}"""), ("elsewhere", """{"from":{"store":"vault","key":"db","field":"password"}}""")),
        { Shape: var shape } when shape == typeof(ExecRequest) => Of(("listing", """{"command":["ls","-l"]}""")),
        { Shape: var shape } when shape == typeof(ConfigValue) => Of(("text", """{"value":"listen 80;\n"}""")),
        { IsNew: true } => Of(
            ("small", """{"image":"nginx:1.27","ports":[80],"instances":3}"""),
            ("watched", """
                {
                  "image": "nginx:1.27", "ports": ["8080:80"], "volumes": ["pages:/usr/share/nginx/html:ro"],
                  "health": {"http": {"path": "/"}}, "resources": {"reserve": {"cpu": 0.1, "memory": "64Mi"}}
                }
                """)),
        _ => Of(
            ("scale", """{"instances":5}"""),
            ("update", """{"image":"nginx:1.28","env":{"GREETING":"hello","OLD":null},"update":{"parallelism":2,"monitor":"10s"}}""")),
    };

    public static Dictionary<string, IOpenApiExample> Told(IEnumerable<Answer> answers) => Of(answers
        .SelectMany(answer => All.Where(it => it.GetType() == answer.Shape))
        .Select(it => (JsonNamingPolicy.CamelCase.ConvertName(it.GetType().Name), JsonSerializer.Serialize(it, ContractsJson.Options)))
        .ToArray());

    public static Dictionary<string, IOpenApiExample>? Problem(int status) => status != StatusCodes.Status400BadRequest ? null
        : Of(("range",
        """
        {"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"The request cannot be accepted as it is","status":400,
        "detail":"instances: is -1; allowed are 0 to 5,000","errors":{"instances":["is -1; allowed are 0 to 5,000"]}}
        """));

    private static Dictionary<string, IOpenApiExample> Of(params (string Name, string Json)[] examples) =>
        examples.ToDictionary(it => it.Name, it => (IOpenApiExample)new OpenApiExample { Value = JsonNode.Parse(it.Json) });
}
