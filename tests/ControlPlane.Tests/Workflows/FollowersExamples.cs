using Dapr.Workflow;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Workflows.Schedules;

namespace Orchestrator.ControlPlane.Tests.Workflows;

/// <summary>What is said where workflows cannot be asked.</summary>
public sealed class FollowersExamples
{
    private readonly FakeTimeProvider clock = new();
    private readonly Mock<IDaprWorkflowClient> client = new();

    [Fact]
    public async Task A_sidecar_that_serves_no_workflows_is_named()
    {
        Answers(() => throw new RpcException(new Status(StatusCode.Unimplemented, "")));
        Assert.Equal("the sidecar serves no workflows", await Problem(Find()));
    }

    [Fact]
    public async Task A_refusal_is_told_in_its_own_words()
    {
        Answers(() => throw new RpcException(new Status(StatusCode.Unknown, "actor is closed")));
        Assert.Equal("workflows do not answer at present: actor is closed", await Problem(Find()));
    }

    [Fact]
    public async Task Nobody_waits_for_ever_where_there_is_no_sidecar()
    {
        client.Setup(it => it.GetWorkflowStateAsync("schedule-web", true, It.IsAny<CancellationToken>()))
            .Returns(async (string _, bool _, CancellationToken cancel) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                return null!;
            });
        var asking = Find();
        await clock.PassUntil(asking);
        Assert.Equal("workflows do not answer at present: no answer within 5 s", await Problem(asking));
    }

    [Fact]
    public async Task One_that_goes_on_already_need_not_be_begun()
    {
        client.Setup(it => it.ScheduleNewWorkflowAsync(
                "FollowSchedule", "schedule-web", It.IsAny<object>(), It.IsAny<DateTimeOffset?>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new RpcException(
                new Status(StatusCode.AlreadyExists, "an active workflow with ID 'schedule-web' already exists")));
        await Followers.Start(new("web", "0 3 * * *"), TestContext.Current.CancellationToken);
        client.VerifyAll();
    }

    [Fact]
    public async Task What_is_gone_need_not_be_told()
    {
        client.Setup(it => it.RaiseEventAsync("schedule-web", "changed", "0 3 * * *", It.IsAny<CancellationToken>()))
            .ThrowsAsync(new RpcException(new Status(StatusCode.Unknown, "no such instance exists")));
        await Followers.Tell(new("web", "0 3 * * *"), TestContext.Current.CancellationToken);
        client.VerifyAll();
    }

    private Followers Followers => new(client.Object, clock);

    private Task<Follower> Find() => Followers.Find("web", TestContext.Current.CancellationToken);

    private void Answers(Func<WorkflowState> answer) => client
        .Setup(it => it.GetWorkflowStateAsync("schedule-web", true, It.IsAny<CancellationToken>())).Returns(() => Task.FromResult(answer()));

    private static async Task<string> Problem(Task<Follower> asking) =>
        (await Assert.ThrowsAsync<FollowersException>(() => asking)).Message;
}
