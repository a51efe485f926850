using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Sidecars;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Reports;

public sealed class WatchedControlPlaneTests
{
    private readonly FakeControlPlane control = new();
    private readonly SidecarHealth sidecar = new(new FakeTimeProvider());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_answer_is_noted_and_a_worker_that_was_silent_says_why_once_it_is_heard_again()
    {
        var watched = new WatchedControlPlane(control, sidecar);
        await watched.Renew(Report, Cancel);
        await watched.Report(new ServiceReport { Worker = "a", Service = "web", Sequence = 1, Complete = true }, Cancel);
        Assert.Equal((2L, null), (sidecar.Answers, control.Beats.Last().Note));

        control.Away = true;
        await Assert.ThrowsAnyAsync<Exception>(() => watched.Renew(Report, Cancel));
        Assert.Equal(2, sidecar.Answers);

        sidecar.Happened("its sidecar did not answer for 12 s (connection refused)");
        control.Away = false;
        await watched.Renew(Report, Cancel);
        Assert.Equal("its sidecar did not answer for 12 s (connection refused), 0 s ago", control.Beats.Last().Note);
    }

    private static WorkerReport Report => new()
    {
        Name = "a", Incarnation = 1, Sequence = 1, Address = "127.0.0.1", Capacity = new(), Load = new(),
    };
}
