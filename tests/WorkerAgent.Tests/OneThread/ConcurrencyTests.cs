using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.Testing;

namespace Orchestrator.WorkerAgent.Tests.OneThread;

public sealed class ConcurrencyTests
{
    private readonly SimulatedTime time = new(seed: 1, uneven: false);
    private readonly SimulatedProcess process;
    private readonly List<string> seen = [];

    public ConcurrencyTests() => process = time.Start("a");

    [Fact]
    public void A_gate_lets_so_many_inside_and_the_others_follow_in_the_order_of_their_coming()
    {
        var gate = new Gate(places: 2);
        foreach (var who in new[] { "a", "b", "c", "d" })
        {
            process.Do(() => gate.Inside(async () =>
            {
                seen.Add($"{time.Now.TotalSeconds} {who}");
                await Task.Delay(TimeSpan.FromSeconds(1), process.Clock);
            }, CancellationToken.None));
        }

        time.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(["0 a", "0 b", "1 c", "1 d"], seen);
    }

    [Fact]
    public void Who_gives_up_before_a_gate_takes_no_place_and_who_fails_inside_gives_it_back()
    {
        var gate = new Gate(places: 1);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), process.Clock);
        process.Do(() => gate.Inside(() => Task.Delay(TimeSpan.FromSeconds(2), process.Clock), CancellationToken.None));
        process.Do(async () => seen.Add(await Ending(gate.Inside(() => Task.CompletedTask, patience.Token))));
        process.Do(async () => seen.Add(await Ending(gate.Inside(() => throw new InvalidDataException(), CancellationToken.None))));
        process.Do(() => gate.Inside(() => { seen.Add("inside"); return Task.CompletedTask; }, CancellationToken.None));
        process.Do(async () => seen.Add(await Ending(gate.Inside(() => Task.CompletedTask, new CancellationToken(canceled: true)))));
        time.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(["OperationCanceledException", "TaskCanceledException", "InvalidDataException", "inside"], seen);
    }

    [Fact]
    public void A_bell_ends_a_pause_and_a_ring_that_nobody_heard_ends_the_next()
    {
        using var bell = new Bell(process.Clock);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(8), process.Clock);
        process.Do(async () =>
        {
            for (var i = 0; i < 3; i++) seen.Add($"{await bell.Wait(TimeSpan.FromSeconds(3), cancel.Token)} at {time.Now.TotalSeconds}");
            bell.Ring();
            bell.Ring();
            for (var i = 0; i < 2; i++) seen.Add($"{await bell.Wait(TimeSpan.FromSeconds(1), cancel.Token)} at {time.Now.TotalSeconds}");
            seen.Add($"{await Ending(bell.Wait(TimeSpan.FromHours(1), cancel.Token))} at {time.Now.TotalSeconds}");
        });
        process.After(TimeSpan.FromSeconds(1), bell.Ring);
        process.After(TimeSpan.FromSeconds(6), bell.Ring);
        time.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(["True at 1", "False at 4", "True at 6", "True at 6", "False at 7", "TaskCanceledException at 8"], seen);
    }

    [Fact]
    public void A_loop_that_fails_begins_again_later_each_time_until_it_is_stopped()
    {
        using var hosted = new HostedLoop<Loops>(
            new Loops(() => seen.Add($"{Math.Round(time.Now.TotalSeconds)}")), process.Clock, () => 0.5, NullLogger<Loops>.Instance);
        process.Do(() => hosted.StartAsync(CancellationToken.None));
        process.Do(() => seen.Add("started"));
        process.After(TimeSpan.FromSeconds(10), () => _ = hosted.StopAsync(CancellationToken.None));
        time.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(["started", "0", "1", "3", "7"], seen);
    }

    private static async Task<string> Ending(Task task)
    {
        await task.Quietly();
        return task.IsCanceled
            ? (await Record.ExceptionAsync(() => task))!.GetType().Name
            : task.Exception?.InnerException?.GetType().Name ?? "done";
    }

    private sealed class Loops(Action body) : ILoop
    {
        public async Task Run(CancellationToken stopping)
        {
            await Task.Yield();
            body();
            throw new InvalidDataException("broken");
        }
    }
}
