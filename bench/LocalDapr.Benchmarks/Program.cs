using LocalDapr.Benchmarks;

// "app" is how LocalDapr starts the application under test; without it this is the client, which starts LocalDapr.
if (args is ["app", ..])
{
    await BenchApp.RunAsync();
    return;
}

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(10), TimeProvider.System);
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

await using var stage = await Stage.OpenAsync(stop.Token);
await Figures.PrintAsync(stage, only: args, stop.Token);
