using System.Collections.Concurrent;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Simulation.Tests;

/// <summary>Long lives of simulated clusters in a bad world. A failure names its seed; ORCHESTRATOR_SEED runs that one alone.</summary>
public sealed class ClusterLife
{
    /// <summary>Fewer than others: what is a job's own are its runs.</summary>
    private static int JobLives => (Lives + 3) / 4;

    private static readonly Faults Bad = new(Lost: 0.05, Late: 0.03, Twice: 0.03, CrashAfterSave: 0.02, PerHour: 30);

    private static int Lives { get; } = int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_LIVES"), out var lives) ? lives : 120;

    [Fact]
    public void Whatever_happens_the_cluster_comes_to_rest_with_what_was_wished_and_nothing_else()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_SEED"), out var seed))
        {
            var one = Live(seed, TestContext.Current.TestOutputHelper is { } output ? output.WriteLine : null).Broken;
            Assert.True(one.Count == 0, string.Join("\n", one));
            return;
        }

        if (Lives == 0) Assert.Skip("ORCHESTRATOR_LIVES=0 asks for no lives");
        var (decisions, crashes, hours, dispatched, began) = (0, 0, 0.0, 0L, TimeProvider.System.GetTimestamp());
        var cpu = Environment.CpuUsage.TotalTime;
        List<string> broken = [];
        // One after the other, whoever is free: some lives take ten times as long as others.
        var seeds = Partitioner.Create(Enumerable.Range(0, Lives), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            var cluster = Live(i);
            lock (broken)
            {
                broken.AddRange(cluster.Broken);
                decisions += cluster.Decisions;
                crashes += cluster.Crashes;
                hours += cluster.Time.Now.TotalHours;
                dispatched += cluster.Time.Dispatched;
            }
        });
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var ofCpu = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Lives} clusters lived {hours:0} hours in {seconds:0.0} s, {hours / ofCpu:0.0} in a second of CPU: "
            + $"{dispatched} events, {decisions} decisions, {crashes} masters crashed or moved");
        Assert.True(broken.Count == 0, string.Join("\n", broken));
        Assert.True(decisions > 50 * Lives, $"only {decisions} decisions: nothing happened");
    }

    [Fact]
    public void Whatever_happens_a_job_does_all_of_its_work_and_none_of_it_again()
    {
        var chosen = Environment.GetEnvironmentVariable("ORCHESTRATOR_JOB_SEED");
        int[] seeds = int.TryParse(chosen, out var seed) ? [seed] : [.. Enumerable.Range(10_000, JobLives)];
        if (seeds is []) Assert.Skip("ORCHESTRATOR_LIVES=0 asks for no lives");
        var (decisions, runs) = (0, 0);
        List<string> broken = [];
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, it =>
        {
            var cluster = LiveAsJob(it, chosen is null ? null : TestContext.Current.TestOutputHelper!.WriteLine);
            lock (broken)
            {
                broken.AddRange(cluster.Broken);
                decisions += cluster.Decisions;
                runs += cluster.Record?.Job?.LastRun ?? 0;
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds.Length} jobs: {decisions} decisions, {runs} runs in their last lives");
        Assert.True(broken.Count == 0, string.Join("\n", broken));
        Assert.True(decisions > 50 * seeds.Length && runs > seeds.Length, $"only {decisions} decisions and {runs} runs: nothing happened");
    }

    private static SimulatedCluster LiveAsJob(int seed, Action<string>? journal)
    {
        var dice = new Dice(seed);
        var spec = new ServiceSpec
        {
            Container = new() { Image = "web:job", OnLeaseLost = dice.Next(3) == 0 ? LeaseLoss.Stop : LeaseLoss.Keep },
            Mode = ServiceMode.Job,
            Job = new JobSpec
            {
                Completions = dice.Next(1, 6), Parallelism = dice.Next(1, 4), Attempts = dice.Next(1, 4), Overlap = (Overlap)dice.Next(3),
                Schedule = dice.Next(2) == 0 ? "*/20 * * * *" : null,
                Deadline = dice.Next(3) == 0 ? TimeSpan.FromMinutes(15) : null,
            },
        };
        var cluster = new SimulatedCluster(seed, dice.Next(2, 6), spec, Bad, Tempo.Calm) { Journal = journal };
        for (var day = 0; day < 3 && cluster.Broken.Count == 0; day++)
        {
            cluster.Network.Faults = Bad;
            Disturb(cluster);
            WishOfAJob(cluster, spec);
            cluster.Run(TimeSpan.FromHours(2));
            cluster.ComeToRest();
        }

        return cluster;
    }

    private static void WishOfAJob(SimulatedCluster cluster, ServiceSpec spec)
    {
        if (cluster.Network.Faults.PerHour == 0) return;
        var dice = cluster.Dice;
        var worker = cluster.Workers[dice.Next(cluster.Workers.Count)].Name;
        switch (dice.Next(14))
        {
            case 0: cluster.Ask(new UpdateService(new() { ["image"] = dice.Next(4) == 0 ? "web:bad" : "web:exits" })); break;
            case 1 or 2: cluster.Ask(new UpdateService(new() { ["image"] = "web:job", ["completions"] = dice.Next(1, 6) })); break;
            case 3: cluster.Ask(new UpdateService(new() { ["parallelism"] = dice.Next(1, 4) })); break;
            case 4: cluster.Ask(new PauseRollout()); break;
            case 5: cluster.Ask(new ResumeRollout()); break;
            case 6:
                cluster.Drain(worker, true);
                cluster.After(cluster.Dice.Between(10, 600), () => cluster.Drain(worker, false));
                break;
            case 7:
                cluster.Ask(new WithdrawService());
                cluster.After(cluster.Dice.Between(0.1, 60), () => cluster.Ask(new CreateService(spec)));
                break;
            case 8 or 9 or 10:
                // Two masters may follow the schedule for a moment, and each may tell twice.
                var due = new RunDue(cluster.World.Clock.GetUtcNow());
                for (var times = dice.Next(1, 4); times > 0; times--) cluster.After(dice.Between(0, 2), () => cluster.Ask(due));
                break;
            default: cluster.Ask(new RunJob()); break;
        }

        cluster.After(cluster.Dice.Between(5, 900), () => WishOfAJob(cluster, spec));
    }

    private static SimulatedCluster Live(int seed, Action<string>? journal = null)
    {
        var dice = new Dice(seed);
        var spec = new ServiceSpec
        {
            Container = new ContainerSpec
            {
                Image = "web:1",
                Ports = [dice.Next(4) == 0 ? new PortMapping(80, 8080) : new PortMapping(80)],
                Resources = new Resources { Reserve = new ResourceAmount(dice.Next(3) == 0 ? 1 : 0) },
                OnLeaseLost = dice.Next(4) == 0 ? LeaseLoss.Stop : LeaseLoss.Keep,
            },
            Instances = dice.Next(1, 7),
            Update = new UpdatePolicy { Parallelism = dice.Next(1, 3), Monitor = TimeSpan.FromSeconds(dice.Next(0, 10)),
                OnFailure = (FailureAction)dice.Next(3) },
            Restart = new RestartPolicy { Condition = (RestartCondition)dice.Next(3) },
            Mode = dice.Next(6) == 0 ? ServiceMode.Global : ServiceMode.Replicated,
            Rebalance = dice.Next(4) == 0 ? Rebalancing.Auto : Rebalancing.Off,
        };
        var cluster = new SimulatedCluster(
            seed, dice.Next(2, 6), spec, Bad, dice.Next(24) == 0 ? Tempo.Brisk : Tempo.Calm) { Journal = journal };
        for (var day = 0; day < 3 && cluster.Broken.Count == 0; day++)
        {
            cluster.Network.Faults = Bad;
            Disturb(cluster);
            Wish(cluster, spec);
            cluster.Run(TimeSpan.FromHours(2));
            cluster.ComeToRest();
        }

        return cluster;
    }

    private static void Disturb(SimulatedCluster cluster)
    {
        if (cluster.Network.Faults.PerHour > 0)
        {
            var victim = cluster.Workers[cluster.Dice.Next(cluster.Workers.Count)];
            switch (cluster.Dice.Next(13))
            {
                case 3: cluster.MoveDirectory(); break;
                case 0: cluster.MoveActors(); break;
                case 1: cluster.MoveRegistry(); break;
                case 2: cluster.CrashSomeMaster(); break;
                default: victim.Suffer(); break;
            }
        }
        else
        {
            return;
        }

        cluster.After(cluster.Dice.Between(1, 7200 / cluster.Network.Faults.PerHour), () => Disturb(cluster));
    }

    private static void Wish(SimulatedCluster cluster, ServiceSpec spec)
    {
        if (cluster.Network.Faults.PerHour == 0) return;
        var dice = cluster.Dice;
        var worker = cluster.Workers[dice.Next(cluster.Workers.Count)].Name;
        switch (dice.Next(16))
        {
            case 0 or 1 or 2: cluster.Ask(new UpdateService(new() { ["instances"] = dice.Next(0, 8) })); break;
            case 3 or 4: cluster.Ask(new UpdateService(new() { ["image"] = $"web:{dice.Next(1, 5)}" })); break;
            case 5: cluster.Ask(new UpdateService(new() { ["image"] = "web:bad" })); break;
            case 6:
                cluster.Ask(new UpdateService(new() { ["image"] = dice.Next(2) == 0 ? "web:exits" : "web:job" }));
                break;
            case 7: cluster.Ask(new RollBack()); break;
            case 8: cluster.Ask(new RestartInstances()); break;
            case 9: cluster.Ask(new PauseRollout()); break;
            case 10: cluster.Ask(new ResumeRollout()); break;
            case 11: cluster.Ask(new RebalanceInstances()); break;
            case 12:
                cluster.Drain(worker, true);
                cluster.After(cluster.Dice.Between(10, 600), () => cluster.Drain(worker, false));
                break;
            case 13:
                cluster.Ask(new WithdrawService());
                cluster.After(cluster.Dice.Between(0.1, 60), () => cluster.Ask(new CreateService(spec)));
                break;
            default: cluster.Ask(new UpdateService(new() { ["image"] = "web:1", ["instances"] = 3 })); break;
        }

        cluster.After(cluster.Dice.Between(5, 900), () => Wish(cluster, spec));
    }
}
