using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.ControlPlane.Wishes;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Wishes;

/// <summary>No field of a wish gets lost on its way. Nothing is listed here: a field that is added is walked too.</summary>
public sealed class FieldWalk
{
    private static readonly JsonSerializerOptions OfTheApi = ContractsJson.Configure(new JsonOptions().SerializerOptions);

    private readonly CalmCluster cluster = new("a");

    /// <summary>At every depth, and of those that do not go together with others each among its own.</summary>
    public static TheoryData<string> OfTheContainer => [.. EveryField.Paths<ContainerSpec>().Except(["readiness.none"])];

    /// <summary>A service keeps its mode; that it is kept, all the others show.</summary>
    public static TheoryData<string> OfTheService => [.. EveryField.Names<ServiceSpec>().Except(["container", "mode", "job"])];

    public static TheoryData<string> OfAJob => [.. EveryField.Names<JobSpec>()];

    [Theory, MemberData(nameof(OfTheContainer))]
    public void A_field_of_the_container_reaches_the_worker_and_a_person_can_roll_it_back(string field) =>
        Walk(field, back: () => cluster.Change(new RollBack()));

    [Theory, MemberData(nameof(OfTheContainer))]
    public void A_field_of_the_container_reaches_the_worker_and_a_failed_update_rolls_it_back(string field) =>
        Walk(field, back: () => cluster.Kill("web-1-r2-a1"));

    [Theory, MemberData(nameof(OfTheService))]
    public void A_field_around_the_container_changes_alone_and_is_shown(string field)
    {
        var first = Around(field, EveryField.Make<ServiceSpec>());
        Create(first);
        Assert.Empty(EveryField.Lost(first, Shown()));

        var changed = Around(field, EveryField.Make<ServiceSpec>(other: path => IsIn(field, path)));
        Change(field, changed);
        Assert.Empty(EveryField.Lost(changed, Shown()));
        Assert.Equal(1, cluster.Record!.Revision);

        cluster.Set("""{"image":"web:2"}""");
        cluster.Change(new RollBack());
        Assert.Empty(EveryField.Lost(changed, Shown()));
    }

    [Theory, MemberData(nameof(OfAJob))]
    public void A_field_of_a_job_changes_alone_and_is_shown(string field)
    {
        var first = new ServiceSpec { Container = new() { Image = "web:1" }, Mode = ServiceMode.Job, Job = EveryField.Make<JobSpec>() };
        Create(first);
        Assert.Empty(EveryField.Lost(first, Shown()));

        var changed = first with { Job = EveryField.Make<JobSpec>(other: path => IsIn(field, path)) };
        Change(field, changed);
        Assert.Empty(EveryField.Lost(changed, Shown()));
        Assert.Equal(1, cluster.Record!.Revision);

        cluster.Set("""{"image":"web:2"}""");
        cluster.Change(new RollBack());
        Assert.Empty(EveryField.Lost(changed, Shown()));
    }

    /// <summary>A small container, and of a global service nobody says how many instances it has.</summary>
    private static ServiceSpec Around(string field, ServiceSpec spec)
    {
        var small = spec with { Container = new() { Image = "web:1" }, Job = new() };
        return field == "instances" ? small with { Mode = ServiceMode.Replicated } : small with { Instances = 1 };
    }

    private void Walk(string field, Action back)
    {
        var first = new ServiceSpec { Container = EveryField.Make<ContainerSpec>(with: field) };
        Create(first);
        MustRun(first.Container);
        // Only what has proven good is returned to.
        cluster.Pass(first.Update.Monitor);

        var second = first with { Container = Other(field) };
        Change(field.Split('.', '[')[0], second);
        Assert.Equal(2, cluster.Record!.Revision);
        MustRun(second.Container);

        back();
        MustRun(first.Container);
        Assert.Equal(1, cluster.Record.Revision);
    }

    /// <summary>The same but for the field. A check is switched on by saying which; what bounds one another changes together.</summary>
    private static ContainerSpec Other(string field) =>
        field == "health.none" ? EveryField.Make<ContainerSpec>(with: field) with { Health = EveryField.Make<ContainerSpec>().Health }
        : EveryField.Make<ContainerSpec>(other: path => IsIn("resources", field) ? IsIn("resources", path) : path == field, with: field);

    private static bool IsIn(string field, string path) => path.Split('.', '[')[0] == field;

    /// <summary>As the API does it, and through the call of the ServiceMaster.</summary>
    private void Create(ServiceSpec wanted)
    {
        var (spec, problems) = SpecFields.Merge(new ServiceSpec(), Json(wanted));
        Assert.Empty(problems);
        cluster.Change(ThereAndBack<ServiceChange>(new CreateService(spec)));
    }

    private void Change(string field, ServiceSpec to) => cluster.Change(ThereAndBack<ServiceChange>(
        new UpdateService(new() { [field] = Patch(Json(cluster.Record!.Spec)[field], Json(to)[field]) })));

    /// <summary>The merge patch that leads from one to the other.</summary>
    private static JsonNode? Patch(JsonNode? from, JsonNode? to) => from is JsonObject old && to is JsonObject wanted
        ? new JsonObject(old.Concat(wanted).Select(it => it.Key).Distinct()
            .Select(name => KeyValuePair.Create(name, Patch(old[name], wanted[name]))))
        : to?.DeepClone();

    /// <summary>Decides and carries out, each time on the record as it was stored, and looks at what is ordered meanwhile.</summary>
    private void MustRun(ContainerSpec container)
    {
        List<Run> runs = [];
        do
        {
            cluster.Record = ThereAndBack(cluster.Record!);
            runs.AddRange(cluster.Decide().Steps.OfType<Run>());
        }
        while (cluster.Step());

        var order = Assert.IsType<RunInstance>(Assert.Single(runs).ToOrder("web", cluster.Record!.Epoch));
        Assert.Empty(EveryField.Lost(container, ThereAndBack(order).Container));
        Assert.Empty(EveryField.Lost(container, Shown().Container));
    }

    /// <summary>As the API answers, from the record as it was stored.</summary>
    private ServiceSpec Shown()
    {
        cluster.Record = ThereAndBack(cluster.Record!);
        var view = JsonSerializer.SerializeToUtf8Bytes(
            ServiceViews.View(cluster.Record, cluster.Decide(), cluster.Observed, isObserved: true), OfTheApi);
        return JsonSerializer.Deserialize<ServiceView>(view, ContractsJson.Options)!.Spec;
    }

    private static JsonObject Json(ServiceSpec spec) => JsonSerializer.SerializeToNode(spec, ContractsJson.Options)!.AsObject();

    private static T ThereAndBack<T>(T value) =>
        JsonSerializer.Deserialize<T>(JsonSerializer.SerializeToUtf8Bytes(value, ContractsJson.Options), ContractsJson.Options)!;
}
