using System.Net.Http.Json;
using Conformance.Promises;
using Conformance.World;
using Orchestrator.Testing;

namespace Conformance.LocalDaprOnly;

/// <summary>LocalDapr is killed while it works.</summary>
[Collection(OneAtATime.Name)]
public sealed class CrashTests : IDisposable
{
    /// <summary>An app that only needs a sidecar.</summary>
    private const string RunFile = """
        version: 1
        apps:
          - appID: writer
            appDirPath: .
            command: [sleep, "300"]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("crash-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Folders.Remove(_folder);

    [Fact, Holds("4.1", "LocalDapr: kill -9 under write load loses nothing that was acknowledged")]
    public async Task Nothing_acknowledged_is_lost_when_it_is_killed_under_load()
    {
        Assert.SkipWhen(Sidecars.AreForeign, "it starts and kills LocalDapr itself");
        var acknowledged = new int[8];
        await using (var first = await LocalDaprProcess.Start(_folder, RunFile))
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{await first.SidecarOf("writer")}") };
            var writers = Enumerable.Range(0, acknowledged.Length).Select(writer => Write(http, writer, acknowledged)).ToList();
            await Eventually.Become(() => acknowledged.Min(), least =>
                least >= 200, TimeSpan.FromSeconds(30), "every writer has written", Cancel);
            await first.Kill();
            await Task.WhenAll(writers);
        }

        await using var second = await LocalDaprProcess.Start(_folder, RunFile);
        using var reader = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{await second.SidecarOf("writer")}") };
        for (var writer = 0; writer < acknowledged.Length; writer++)
            Assert.InRange(await reader.GetFromJsonAsync<int>($"/v1.0/state/statestore/w{writer}", Cancel), acknowledged[writer],
                acknowledged[writer] + 1);
    }

    /// <summary>Counts up under one key, one save after the other, until the sidecar is gone.</summary>
    private static async Task Write(HttpClient http, int writer, int[] acknowledged)
    {
        try
        {
            for (var n = 1; ; n++)
            {
                using var answer = await http.PostAsJsonAsync(
                    "/v1.0/state/statestore", new[] { new { key = $"w{writer}", value = n } }, Cancel);
                answer.EnsureSuccessStatusCode();
                acknowledged[writer] = n;
            }
        }
        catch (HttpRequestException)
        {
            // It was killed: that is the end of writing.
        }
    }
}
