using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Placement;

/// <summary>Workers and containers in a word or two.</summary>
internal static class Inputs
{
    public static ContainerSpec Plain { get; } = new() { Image = "web:1" };

    public static ContainerSpec Reserving(double cpu, long mebi = 0) =>
        Plain with { Resources = new Resources { Reserve = new ResourceAmount(cpu, ByteSize.Mi(mebi)) } };

    public static Worker Named(string name) => CalmCluster.NewWorker(name);

    public static Worker Zoned(string name, string zone) => Named(name) with { Labels = ValueMap.Of(("zone", zone)) };
}
