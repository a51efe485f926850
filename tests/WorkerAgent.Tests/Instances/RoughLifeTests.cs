using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Instances;

/// <summary>
/// What holds whatever happens: in the end the control plane believes what the engine holds, and what was ended and forgotten is gone.
/// </summary>
public sealed class RoughLifeTests
{
    private static readonly string[] Names = [.. Enumerable.Range(1, 8).Select(slot => $"web-{slot}-r1-a1"),
        .. Enumerable.Range(1, 4).Select(slot => $"once-{slot}-r1-a1")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task Orders_faults_and_restarts_in_any_order_leave_belief_and_reality_agreeing_and_nothing_behind(int seed)
    {
#pragma warning disable CA5394 // A seed, not a secret.
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var agent = await new TestAgent(folder: folder).Start();
        var (engine, control) = (agent.Engine, agent.Control);
        try
        {
            for (var turn = 0; turn < 120; turn++)
            {
                var name = Names[random.Next(Names.Length)];
                switch (random.Next(14))
                {
                    case 0 or 1 or 2 or 3:
                        await agent.Run(name, new() { Image = random.Next(6) == 0 ? $"other:{random.Next(3)}"
                            : "busybox-www:1", Ports = [new(80)], OnLeaseLost = name[0] == 'o' ? LeaseLoss.Stop : LeaseLoss.Keep });
                        break;
                    case 4 or 5: await agent.Stop(name, delay: random.Next(3)); break;
                    case 6: await agent.Forget(name); break;
                    case 7: if (engine[name] is { State: ContainerState.Running }) engine.Die(
                        name, random.Next(3), silently: random.Next(4) == 0); break;
                    case 8: if (engine[name] is not null) engine.Vanish(name, silently: random.Next(4) == 0); break;
                    case 9: engine.BreakEvents(); break;
                    case 10: engine.Away = !engine.Away; if (engine.Away) engine.BreakEvents(); break;
                    case 11: control.Away = !control.Away; break;
                    case 12: engine.PullProblem = random.Next(2) == 0 ? null : "manifest unknown"; break;
                    case 13 when random.Next(3) == 0:
                        await agent.DisposeAsync();
                        agent = new TestAgent(engine, control, folder);
                        agent.Clock.SetUtcNow(engine.Now);
                        agent = await agent.Start();
                        break;
                }

                agent.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(400)));
                if (random.Next(3) == 0) await Task.Yield();
            }

            (engine.Away, control.Away, engine.PullProblem) = (false, false, null);
            engine.BreakEvents();
            await agent.PassTime(TimeSpan.FromMilliseconds(250), () => $"believed {Believed(control)}, real {Real(engine)}",
                _ => Believed(control).Equals(Real(engine)), $"they agree; seed {seed}");

            await agent.PassTime(TimeSpan.FromMilliseconds(250), () =>
            {
                foreach (var name in Names)
                {
                    _ = agent.Stop(name);
                    _ = agent.Forget(name);
                }

                return control.Believes.Count == 0 && Names.All(n => engine[n] is null) && agent.Book.All().Count == 0;
            }, $"nothing is left; seed {seed}");
        }
        finally
        {
            await agent.DisposeAsync();
        }
#pragma warning restore CA5394
    }

    private static ValueList<string> Believed(FakeControlPlane control) =>
        control.Believes.Values.Where(i => i.Phase is Phase.Running or Phase.Stopping).Select(i => i.Instance).ToValueList();

    private static ValueList<string> Real(FakeEngine engine) => engine.Names(ContainerState.Running).ToValueList();
}
