using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.LocalDaprOnly;

/// <summary>An application that nobody wrote for LocalDapr runs on it, from its own run file, as processes of its own.</summary>
[Collection(OneAtATime.Name)]
public sealed partial class SampleTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fruit-shop-").FullName;
    private readonly List<string> _said = [];
    private readonly List<AppPort> _ports = [];
    private Process? _localDapr;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
    private static string Program => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../LocalDapr/release/LocalDapr"));

    [Fact, Holds("6", "LocalDapr: a Dapr application written from the public documentation runs from its own dapr.yaml")]
    public async Task The_fruit_shop_runs_from_its_own_run_file()
    {
        Assert.SkipWhen(Sidecars.AreForeign, "it starts LocalDapr itself");
        await Start();
        using var shop = new HttpClient { BaseAddress = new Uri($"http://localhost:{_ports[0].Number}") };
        using var stock = new HttpClient { BaseAddress = new Uri($"http://localhost:{_ports[1].Number}") };

        using var taken = await shop.PostAsJsonAsync("/orders", new { id = "1", fruit = "apple", quantity = 8 }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Contains("\"quantity\":8", await shop.GetStringAsync("/orders/1", Cancel), StringComparison.Ordinal);
        await Eventually.Become<string>(() => stock.GetStringAsync("/stock/apple", Cancel), count => count == "2", TimeSpan.FromSeconds(10), "eight apples are taken", Cancel);
        using var refused = await shop.PostAsJsonAsync("/orders", new { id = "2", fruit = "apple", quantity = 8 }, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await Eventually.Become<string>(() => stock.GetStringAsync("/stock/apple", Cancel), count => count == "10", TimeSpan.FromSeconds(15), "the delivery has come", Cancel);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_localDapr is not null)
        {
            using var down = Run("down");
            await down.WaitForExitAsync();
            if (!_localDapr.WaitForExit(TimeSpan.FromSeconds(20))) _localDapr.Kill(entireProcessTree: true);
            _localDapr.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The sample's own run file, but for ports that are free here.</summary>
    private async Task Start()
    {
        var sample = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../samples/fruit-shop"));
        var runFile = Path.Combine(_folder, "dapr.yaml");
        var text = (await File.ReadAllTextAsync(Path.Combine(sample, "dapr.yaml"), Cancel)).Replace(" ./", $" {sample}/", StringComparison.Ordinal);
        await File.WriteAllTextAsync(runFile, AppPortLine().Replace(text, _ =>
        {
            _ports.Add(AppPort.FromTheSystem());
            return $"appPort: {_ports[^1].Number}";
        }), Cancel);
        foreach (var port in _ports) port.Dispose(); // the applications bind them themselves

        _localDapr = Run("run", "-f", runFile);
        var errors = _localDapr.StandardError.ReadToEndAsync(Cancel);
        while (await _localDapr.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            _said.Add(line);
            if (!line.Contains("Ready:", StringComparison.Ordinal)) continue;
            _ = _localDapr.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return;
        }

        Assert.Fail($"LocalDapr ended before it was ready:\n{string.Join('\n', _said)}\n{await errors}");
    }

    private Process Run(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Program, ["--folder", Path.Combine(_folder, "data"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    [GeneratedRegex("appPort: [0-9]+")]
    private static partial Regex AppPortLine();
}
