using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Conformance.Promises;
using Conformance.World;
using Orchestrator.Testing;

namespace Conformance.LocalDaprOnly;

/// <summary>An application that nobody wrote for LocalDapr runs on it, from its own run file, as processes of its own.</summary>
[Collection(OneAtATime.Name)]
public sealed partial class SampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fruit-shop-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Folders.Remove(_folder);

    [Fact, Holds("6", "LocalDapr: a Dapr application written from the public documentation runs from its own dapr.yaml")]
    public async Task The_fruit_shop_runs_from_its_own_run_file()
    {
        Assert.SkipWhen(Sidecars.AreForeign, "it starts LocalDapr itself");
        var (runFile, ports) = await RunFile();
        await using var localDapr = await LocalDaprProcess.Start(_folder, runFile);
        using var shop = new HttpClient { BaseAddress = new Uri($"http://localhost:{ports[0]}") };
        using var stock = new HttpClient { BaseAddress = new Uri($"http://localhost:{ports[1]}") };

        using var taken = await shop.PostAsJsonAsync("/orders", new { id = "1", fruit = "apple", quantity = 8 }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Contains("\"quantity\":8", await shop.GetStringAsync("/orders/1", Cancel), StringComparison.Ordinal);
        await Eventually.Become<string>(
            () => stock.GetStringAsync("/stock/apple", Cancel), count =>
            count == "2", TimeSpan.FromSeconds(10), "eight apples are taken", Cancel);
        using var refused = await shop.PostAsJsonAsync("/orders", new { id = "2", fruit = "apple", quantity = 8 }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await Eventually.Become<string>(
            () => stock.GetStringAsync("/stock/apple", Cancel), count =>
            count == "10", TimeSpan.FromSeconds(15), "the delivery has come", Cancel);
    }

    /// <summary>The sample's own run file, but for ports that are free here.</summary>
    private static async Task<(string Text, List<int> Ports)> RunFile()
    {
        var sample = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../samples/fruit-shop"));
        var text = (await File.ReadAllTextAsync(Path.Combine(sample, "dapr.yaml"), Cancel))
            .Replace(" ./", $" {sample}/", StringComparison.Ordinal);
        var ports = new List<int>();
        text = AppPortLine().Replace(text, _ =>
        {
            using var port = AppPort.FromTheSystem(); // the application binds it itself
            ports.Add(port.Number);
            return $"appPort: {port.Number}";
        });
        return (text, ports);
    }

    [GeneratedRegex("appPort: [0-9]+")]
    private static partial Regex AppPortLine();
}
