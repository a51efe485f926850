using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Tests.Instances;

public sealed class SlowStopTests
{
    private const string Hint =
        " (as process 1 a program is given no signal that it has no handler for; \"init\": true puts an init there)";

    [Theory]
    [InlineData(10, 137, null, false, "took its whole grace of 10s and was killed: it did not end on its stop signal" + Hint)]
    [InlineData(11, 137, "SIGINT", false, "took its whole grace of 10s and was killed: it did not end on SIGINT" + Hint)]
    [InlineData(10, 137, "SIGTERM", true, "took its whole grace of 10s and was killed: it did not end on SIGTERM")]
    [InlineData(9.9, 137, null, false, null)]
    [InlineData(10, 0, null, false, null)]
    public void A_stop_that_took_the_whole_grace_is_explained(double took, int exitCode, string? signal, bool init, string? words)
    {
        var instance = Stopping(new() { Image = "web", StopSignal = signal, Init = init });
        var ended = new Container { Id = "abc", Name = "web-1-r1-a1", State = ContainerState.Exited, ExitCode = exitCode };
        Assert.Equal(words, SlowStop.Words(instance, ended, TimeSpan.FromSeconds(took)));
    }

    [Fact]
    public void What_it_waits_for_is_told_while_it_goes_on() => Assert.Equal(
        $"it has not ended on SIGQUIT yet and is killed after 10s{Hint}",
        SlowStop.Waiting(Stopping(new() { Image = "web", StopSignal = "SIGQUIT" }), TimeSpan.FromSeconds(10)));

    private static Instance Stopping(ContainerSpec spec) =>
        Instance.Ordered(new RunInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = spec })
            .Stop("surplus", TimeSpan.FromSeconds(10));
}
