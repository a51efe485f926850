using System.Globalization;
using Orchestrator.Hosts.Bed;
using Orchestrator.Hosts.Histories;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>Everything at once: <c>./orchestrator chaos --minutes 60 --seed 7</c> runs it for longer.</summary>
public sealed class ChaosTests(SharedBed shared)
{
    [Fact]
    public async Task Chaos_breaks_no_promise()
    {
        var seed = Number("ORCHESTRATOR_CHAOS_SEED") ?? Random.Shared.Next(1, 100_000);
        var length = TimeSpan.FromMinutes(Number("ORCHESTRATOR_CHAOS_MINUTES") ?? 0.4);
        await Console.Out.WriteLineAsync($"chaos: seed {seed}, {length.TotalMinutes:0.#} minutes");
        var end = Wall.Now + length;
        // Rounds, each with a history of its own: the failure of an hour must be a story that somebody can read.
        for (var round = 0; round == 0 || Wall.Now < end; round++)
        {
            var bed = await shared.Fresh();
            var rest = end - Wall.Now;
            bed.Note($"chaos of seed {seed}, round {round}");
            await new Chaos(bed, (int)seed + round * 1000).Run(
                rest < TimeSpan.FromMinutes(2) ? rest : TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            var history = await bed.Judge();
            bed.Log(history.Story());
            await Console.Out.WriteLineAsync(
                $"chaos: round {round}: {history.Lives.Count} containers, {history.Changes.Count} changes, no promise broken");
        }
    }

    private static double? Number(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
