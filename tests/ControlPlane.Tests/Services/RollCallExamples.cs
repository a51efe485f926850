using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.ControlPlane.Tests.Services;

public sealed class RollCallExamples
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly List<string> calls = [];
    private readonly RollCall rollCall;
    private readonly ServiceRecord record;
    private ValueList<Worker> workers = [CalmCluster.NewWorker("a"), CalmCluster.NewWorker("b")];
    private Observations observed = Observations.None;

    public RollCallExamples()
    {
        rollCall = new RollCall(new FakeAnnouncements(calls), new FakeWorkers(calls), "web", clock);
        record = new ServiceRecord
        {
            Name = "web", Revision = 1, LastRevision = 1, Spec = Wish.Create().Spec,
            Instances = [InstanceRecord.Of(new InstanceName("web", 1, 1, 1), "a", "", CalmCluster.Start, 1)],
        };
    }

    [Fact]
    public async Task It_is_called_again_every_2_seconds_until_the_worker_that_should_know_is_heard()
    {
        Assert.Equal(CalmCluster.Start.AddSeconds(2), await Call());
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Null(await Call());
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.NotNull(await Call());
        clock.Advance(TimeSpan.FromSeconds(2));
        Hear("a", complete: true);
        Assert.Null(await Call());
        Assert.Equal(["calls the roll of web", "calls the roll of web"], calls);
    }

    [Fact]
    public async Task A_worker_that_no_call_reaches_is_asked_by_the_answer_to_its_lease()
    {
        for (var call = 0; call < 3; call++)
        {
            await Call();
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(["calls the roll of web", "calls the roll of web", "calls the roll of web", "asks a by its lease for web"], calls);
    }

    [Fact]
    public async Task A_worker_that_told_only_what_changed_has_not_been_heard()
    {
        Hear("a", complete: false);
        Assert.NotNull(await Call());
    }

    [Fact]
    public async Task A_worker_without_instances_of_the_service_need_not_be_heard()
    {
        Hear("a", complete: true);
        Assert.Null(await Call());
    }

    [Theory]
    [InlineData(WorkerHealth.Suspect)]
    [InlineData(WorkerHealth.Lost)]
    public async Task Whom_the_registry_does_not_hear_is_not_called(WorkerHealth health)
    {
        workers = [CalmCluster.NewWorker("a") with { Health = health }];
        Assert.Null(await Call());
        Assert.Empty(calls);
    }

    private Task<DateTimeOffset?> Call() => rollCall.CallIfMissing(record, workers, observed);

    private void Hear(string worker, bool complete) =>
        observed = observed.With(new ServiceReport { Worker = worker, Service = "web", Sequence = 1, Complete = complete });
}
