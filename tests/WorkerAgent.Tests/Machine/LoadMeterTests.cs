using Microsoft.Extensions.Time.Testing;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Machine;

public sealed class LoadMeterTests
{
    [Fact]
    public void Processor_time_is_read_as_the_kernel_writes_it()
    {
        var earlier = CpuTimes.Parse("cpu  100 0 50 800 50 0 0 0 70 0\ncpu0 1 2 3\n");
        var later = CpuTimes.Parse("cpu  150 10 60 860 60 5 5 0 90 0\n");
        Assert.Equal(new CpuTimes(150, 1000), earlier);
        Assert.Equal(80.0 / 150, later.BusySince(earlier), 6);
        Assert.Equal(0, earlier.BusySince(later));
    }

    [Fact]
    public void Memory_is_what_no_new_program_could_have() =>
        Assert.Equal(0.75, MemoryUse.Parse("MemTotal:       8000 kB\nMemFree:   500 kB\nMemAvailable:   2000 kB\n"));

    [Fact]
    public void Load_follows_slowly_and_arrives()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "meminfo"), "MemTotal: 100 kB\nMemAvailable: 90 kB\n");
        var clock = new FakeTimeProvider();
        var meter = new LoadMeter(clock, folder.Path);
        var (busy, idle) = (0UL, 0UL);
        double Second(bool working)
        {
            _ = working ? busy += 100 : idle += 100;
            File.WriteAllText(Path.Combine(folder.Path, "stat"), $"cpu {busy} 0 0 {idle} 0 0 0 0\n");
            clock.Advance(TimeSpan.FromSeconds(1));
            return meter.Read().Cpu;
        }

        Second(false);
        Assert.Equal(0, Second(false));
        Assert.InRange(Second(true), 0.2, 0.4);
        for (var second = 0; second < 20; second++) Second(true);
        Assert.InRange(Second(true), 0.99, 1);
    }

    [Fact]
    public void This_machine_can_be_read()
    {
        if (!File.Exists("/proc/stat")) Assert.Skip("this system has no /proc");
        var (cpu, memory) = new LoadMeter(TimeProvider.System).Read();
        Assert.Equal(0, cpu);
        Assert.InRange(memory, 0.0001, 1);
    }
}
