using System.Globalization;
using System.Text;
using LocalDapr.Launch;
using LocalDapr.State;
using Orchestrator.LocalDapr_Tests.Launch;
using Orchestrator.Testing;

namespace LocalDapr.Tests.State;

/// <summary>The program itself, killed with SIGKILL while many clients write.</summary>
public sealed class CrashTests : IAsyncDisposable
{
    private const int Writers = 16, Enough = 2_000;
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => folder.Path("data");

    public async ValueTask DisposeAsync()
    {
        await RunningProgram.RunAsync(Repository.LocalDapr, "down", "--kill", "--folder", Data);
        folder.Dispose();
    }

    [Fact]
    public async Task A_killed_process_has_lost_nothing_it_acknowledged()
    {
        folder.Write("dapr.yaml",
            """
            version: 1
            apps:
              - appID: writer
                appDirPath: .
                command: [sh, -c, "echo port $DAPR_HTTP_PORT; exec sleep 600"]
            """);
        await using var run = RunningProgram.Start(Repository.LocalDapr, "run", "-f", folder.FullPath, "--folder", Data);
        string port = await Eventually.Become(
            async () => (await RunningProgram.RunAsync(Repository.LocalDapr, "logs", "writer", "--folder", Data)).Said.Replace("port ", ""),
            said => int.TryParse(said, out _), TimeSpan.FromSeconds(30), "the app tells its sidecar's port", Cancel);

        int[] acknowledged = await WriteUntilKilledAsync($"http://127.0.0.1:{port}/v1.0/state/statestore/transaction", run);

        await run.EndAsync();
        await using var database = Database.Open(Path.Combine(Data, "dapr"), survivePowerCut: false);
        var store = new StateStore("statestore", database, TimeProvider.System, faults: null);
        Assert.InRange(acknowledged.Sum(), Enough, int.MaxValue);
        for (int writer = 0; writer < Writers; writer++)
        {
            int stored = Number(store.Get($"writer||{writer}"));
            // One more than acknowledged may be there: committed, and killed before the answer was out.
            Assert.InRange(stored, acknowledged[writer], acknowledged[writer] + 1);
            Assert.Equal(stored, Number(store.Get($"writer||{writer}-twin")));
        }
    }

    private static async Task<int[]> WriteUntilKilledAsync(string url, RunningProgram run)
    {
        using var http = new HttpClient();
        int[] acknowledged = new int[Writers];
        int all = 0;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (int number = 1; await TryWriteAsync(writer, number); number++)
            {
                acknowledged[writer] = number;
                if (Interlocked.Increment(ref all) == Enough) run.Signal(Signals.Kill);
            }
        }));
        return acknowledged;

        async Task<bool> TryWriteAsync(int writer, int number)
        {
            string operations = string.Join(',', new[] { $"{writer}", $"{writer}-twin" }.Select(key =>
                $$$"""{"operation":"upsert","request":{"key":"{{{key}}}","value":{{{number}}}}}"""));
            try
            {
                using var body = new StringContent($$"""{"operations":[{{operations}}]}""");
                using var answer = await http.PostAsync(url, body, Cancel);
                Assert.Equal(204, (int)answer.StatusCode);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    private static int Number(StateItem? item) =>
        item is null ? 0 : int.Parse(Encoding.UTF8.GetString(item.Value), CultureInfo.InvariantCulture);
}
