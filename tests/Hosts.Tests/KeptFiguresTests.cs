using Orchestrator.Hosts.Scenarios;

namespace Orchestrator.Hosts;

/// <summary>Figures of several runs add up.</summary>
public sealed class KeptFiguresTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"figures-{Guid.NewGuid():N}.tsv");

    public void Dispose() => File.Delete(file);

    [Fact]
    public void What_earlier_runs_have_measured_counts()
    {
        Assert.Null(new KeptFigures(file).Of("a fault", "all run"));
        foreach (var seconds in new[] { 3, 1, 2.5 }) new KeptFigures(file).Add("a fault", "all run", TimeSpan.FromSeconds(seconds));
        new KeptFigures(file).Add("another", "all run", TimeSpan.FromSeconds(60));
        Assert.Equal("| a fault | all run | 2.5 s | 3.0 s | 3 |", $"{new KeptFigures(file).Of("a fault", "all run")}");
    }

    [Fact]
    public void A_line_that_was_cut_off_is_none()
    {
        File.WriteAllText(file, "a fault\tall run\t1.000\na fault\tall");
        Assert.Equal(1, new KeptFigures(file).Of("a fault", "all run")?.Times.Count);
    }
}
