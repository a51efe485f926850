using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>Orders on their way to workers that accept, refuse, are silent or break.</summary>
public sealed class OrderSenderExamples : IDisposable
{
    private readonly FakeTimeProvider clock = new(CalmCluster.Start);
    private readonly FakeOrderTransport workers = new();
    private readonly FakeServiceCalls services = new();
    private readonly FakeRegistryCalls registry = new();
    private readonly List<string> alarms = [];
    private readonly Logbook<OrderSender> log = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly OrderSender sender;

    public OrderSenderExamples() =>
        sender = new OrderSender(workers, services, registry, new FakeAlarm(alarms), clock, log, stopping.Token);

    public void Dispose()
    {
        stopping.Dispose();
    }

    [Fact]
    public void The_same_order_is_not_sent_twice_within_the_pause()
    {
        foreach (var wait in new[] { 0, 500, 499, 1 })
        {
            clock.Advance(TimeSpan.FromMilliseconds(wait));
            sender.Send([("a", Forget())]);
        }

        Assert.Equal(["forget web-1-r1-a1 on a", "forget web-1-r1-a1 on a"], workers.Asked);
        Assert.Empty(alarms);
    }

    [Fact]
    public void Another_order_for_the_instance_and_the_same_of_a_new_epoch_go_at_once()
    {
        var stop = new StopInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 1 };
        sender.Send([("a", Forget()), ("a", stop), ("a", Forget(epoch: 2)), ("a", Forget(slot: 2))]);
        Assert.Equal(
            ["forget web-1-r1-a1 on a", "stop web-1-r1-a1 on a", "forget web-1-r1-a1 on a", "forget web-2-r1-a1 on a"], workers.Asked);
    }

    [Fact]
    public void A_refusal_goes_back_to_its_service()
    {
        workers.Answer = _ => Task.FromResult(new OrderAnswer { Refusal = Refusal.NoCapacity, Reason = "8 of 8 CPU are taken" });
        sender.Send([("a", Forget())]);
        Assert.Equal(["web: a refuses web-1-r1-a1: NoCapacity"], services.Told);
        Assert.Equal(["Warning: a refused ForgetInstance web-1-r1-a1: 8 of 8 CPU are taken"], log.Lines);
        Assert.Empty(alarms);
    }

    [Fact]
    public void An_order_without_an_answer_is_due_again()
    {
        workers.Answer = _ => throw Silence.Of("a");
        sender.Send([("a", Forget())]);
        Assert.Equal(["alarm for web no later than 1s"], alarms);
        Assert.Equal(
            ["Warning: a gave no answer to ForgetInstance web-1-r1-a1, it is sent again: a does not answer at present: no answer in time"],
            log.Lines);
        Assert.Equal(["web: a refuses web-1-r1-a1: Unanswered"], services.Told);
        Assert.Equal(["a: no answer in time"], registry.Failed);

        workers.Answer = _ => Task.FromResult(OrderAnswer.Ok);
        sender.Send([("a", Forget())]);
        Assert.Single(workers.Asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        sender.Send([("a", Forget())]);
        Assert.Equal(2, workers.Asked.Count());
    }

    [Fact]
    public void A_refusal_that_its_service_does_not_hear_is_due_again()
    {
        workers.Answer = _ => Task.FromResult(new OrderAnswer { Refusal = Refusal.PortTaken });
        services.Before = _ => throw Silence.Of("ServiceMaster 'web'");
        sender.Send([("a", Forget())]);
        Assert.Equal(["alarm for web no later than 1s"], alarms);
    }

    [Fact]
    public void A_defect_is_logged_as_one_and_the_order_is_due_again()
    {
        workers.Answer = _ => throw new InvalidOperationException("nobody expected this");
        sender.Send([("a", Forget()), ("a", Forget(slot: 2))]);
        Assert.Equal(
            [
                "Error: ForgetInstance web-1-r1-a1 to a failed in a way that nobody expected; it is sent again",
                "Error: ForgetInstance web-2-r1-a1 to a failed in a way that nobody expected; it is sent again",
            ],
            log.Lines);
        Assert.Equal(2, alarms.Count);
    }

    [Fact]
    public async Task When_the_master_ends_orders_under_way_end_quietly()
    {
        workers.Answer = _ => new TaskCompletionSource<OrderAnswer>().Task;
        sender.Send(Enumerable.Range(1, 100).Select(slot => ("a", (Order)Forget(slot))));
        await stopping.CancelAsync();
        sender.Send([("a", Forget(slot: 101))]);
        Assert.Empty(log.Lines);
        Assert.Empty(alarms);
    }

    [Fact]
    public async Task So_many_are_under_way_at_a_time_and_the_others_follow()
    {
        var held = new TaskCompletionSource<OrderAnswer>();
        workers.Answer = _ => held.Task;
        sender.Send(Enumerable.Range(1, 200).Select(slot => ("a", (Order)Forget(slot))));
        Assert.Equal(64, workers.Asked.Count());
        held.SetResult(OrderAnswer.Ok);
        await PassingTime.Until(() => workers.Asked.Count(), count => count == 200, "all are sent");
    }

    private static ForgetInstance Forget(int slot = 1, long epoch = 1) =>
        new() { Service = "web", Instance = $"web-{slot}-r1-a1", Epoch = epoch };
}
