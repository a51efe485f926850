using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>Every field of an order to run has an effect here. They are not listed: a field that is added is walked too.</summary>
public sealed class FieldWalk
{
    private static readonly InstanceName Name = new("web", 2, 5, 1);

    /// <summary>Fields that are not for the engine, and why.</summary>
    private static readonly Dictionary<string, string> NotForTheEngine = new()
    {
        ["onLeaseLost"] = "the worker goes by it itself when its lease runs out; it finds it again in the labels",
        ["pullPolicy"] = "the worker goes by it itself before it creates the container",
        ["volumes[0].affinity"] = "the control plane goes by it when it decides where the next instance begins",
        ["volumes[0].exclusive"] = "the control plane goes by it when it decides which instance starts after which",
        ["ports[0].name"] = "the catalog of services has it; the worker finds it again in the labels",
        ["health.http"] = "the worker itself asks; it finds the probe again in the labels",
        ["health.tcp"] = "the worker itself asks; it finds the probe again in the labels",
        ["health.none"] = "a probe that says nothing switches off what the image says as well",
        ["readiness"] = "the worker itself asks; it finds the probe again in the labels",
    };

    /// <summary>Their values come from the control plane when the instance starts, and reach the engine from there.</summary>
    private static readonly string[] Delivered = ["secrets", "configs", "envFrom"];

    public static TheoryData<string> Fields =>
        [.. EveryField.Paths<ContainerSpec>().Where(it => !Delivered.Any(name => it.StartsWith($"{name}[", StringComparison.Ordinal)))];

    [Theory, MemberData(nameof(Fields))]
    public void A_field_changes_what_the_engine_is_asked_for(string field)
    {
        var plain = Request(EveryField.Make<ContainerSpec>(with: field));
        var changed = Request(EveryField.Make<ContainerSpec>(other: path => path == field, with: field));
        if (NotForTheEngine.FirstOrDefault(it => field == it.Key || field.StartsWith($"{it.Key}.", StringComparison.Ordinal)) is
            { Value: { } why }) Assert.True(plain == changed, $"{field} reaches the engine, but {why}");
        else Assert.True(plain != changed, $"{field} is ordered and changes nothing");
    }

    [Fact]
    public void What_is_not_for_the_engine_is_a_field() => Assert.All(NotForTheEngine.Keys, key =>
        Assert.Contains(EveryField.Paths<ContainerSpec>(), it => it == key || it.StartsWith($"{key}.", StringComparison.Ordinal)));

    [Fact]
    public void A_footprint_is_found_again_in_the_labels_with_every_field()
    {
        var footprint = EveryField.Make<Footprint>();
        var labels = ContainerLabels.Of("local", "worker-a", Ordered(EveryField.Make<ContainerSpec>()) with { Footprint = footprint });
        Assert.Empty(EveryField.Lost(footprint, ContainerLabels.FootprintIn(labels)));
    }

    [Fact]
    public void A_footprint_keeps_of_an_order_what_the_worker_goes_by()
    {
        var order = EveryField.Make<ContainerSpec>();
        var footprint = new Footprint
        {
            Reserve = order.Resources.Reserve, HostPorts = [order.Ports[0].Fixed()!],
            Volumes = [$"!{order.Volumes[0].Source}"], OnLeaseLost = order.OnLeaseLost, StopGrace = order.StopGrace, Readiness = order.Readiness,
            PortNames = ValueMap.Of(($"{order.Ports[0].Container}/udp", order.Ports[0].Name!)),
        };
        var asked = EveryField.Make<ContainerSpec>(with: "health.http.path");
        Assert.Equal(asked.Health, Ordered(asked).Footprint.Health);
        Assert.Equal(footprint, Ordered(order).Footprint);
    }

    /// <summary>Without the labels: those are for the worker.</summary>
    private static string Request(ContainerSpec container)
    {
        var spec = Ordered(container).Spec!;
        return JsonSerializer.Serialize(ContainerMapping.ToCreate(new(Name.ToString(), spec, ValueMap.Empty, "10.0.0.5")));
    }

    private static Instance Ordered(ContainerSpec container)
    {
        var order = new RunInstance { Service = Name.Service, Instance = Name.ToString(), Epoch = 9, Container = container };
        var json = JsonSerializer.SerializeToUtf8Bytes(order, ContractsJson.Options);
        return Instance.Ordered(JsonSerializer.Deserialize<RunInstance>(json, ContractsJson.Options)!);
    }
}
