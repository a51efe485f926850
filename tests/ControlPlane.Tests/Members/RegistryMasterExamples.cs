using Orchestrator.Contracts.Members;

namespace Orchestrator.ControlPlane.Tests.Members;

/// <summary>Masters are listed beside the workers; they are kept in memory only.</summary>
public sealed class RegistryMasterExamples
{
    private readonly RegistryStage stage = new();

    [Fact]
    public async Task Masters_are_listed_before_the_workers_with_how_long_they_are_silent()
    {
        await stage.Renew("worker-a");
        await Beat("master-b");
        await Beat("master-a");
        stage.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(
            [
                "Master master-a ready at http://master-a:5000, silent for 2 s",
                "Master master-b ready at http://master-b:5000, silent for 2 s",
                "Worker worker-a ready at 10.0.0.1, silent for 2 s",
            ],
            await Listed());
        Assert.Equal(["saves worker-a"], stage.Journal);
    }

    [Fact]
    public async Task A_silent_master_is_suspect_then_lost_then_forgotten_when_another_one_speaks()
    {
        await Beat("master-a");
        Assert.Equal("master-a suspect", await After(2.6));
        Assert.Equal("master-a lost", await After(2.5));
        Assert.Equal("master-a lost", await After(590));
        await Beat("master-b");
        Assert.Equal("master-a lost, master-b ready", await stage.Health());
        stage.Clock.Advance(TimeSpan.FromSeconds(5));
        await Beat("master-b");
        Assert.Equal("master-b ready", await stage.Health());
    }

    [Fact]
    public async Task The_beat_of_a_master_lets_time_pass_for_the_workers()
    {
        foreach (var name in new[] { "a", "b", "c" }) await stage.Renew(name, "web");
        stage.Journal.Clear();
        await stage.Pass(4, "b", "c");
        stage.Clock.Advance(TimeSpan.FromSeconds(1.1));
        await Beat("master-a");
        Assert.Equal(["saves a lost, b, c", "wakes web: a lost"], stage.Journal);
    }

    private Task Beat(string master) => stage.Keeper.RenewMaster(new MasterReport(master, $"http://{master}:5000"));

    private async Task<string> After(double seconds)
    {
        stage.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return await stage.Health();
    }

    private async Task<IEnumerable<string>> Listed() => (await stage.Keeper.Members()).Members
        .Select(it => $"{it.Role} {it.Name} {RegistryStage.Words(it.Status)} at {it.Address}, silent for {it.Silence.TotalSeconds} s");
}
