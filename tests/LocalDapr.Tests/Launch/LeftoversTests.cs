using LocalDapr.Launch;
using Orchestrator.Testing;

namespace Orchestrator.LocalDapr_Tests.Launch;

public sealed class LeftoversTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Processes_of_an_earlier_run_are_ended_with_what_they_started_and_no_others()
    {
        var cancel = TestContext.Current.CancellationToken;
        var ours = new Leftovers(folder.FullPath, TimeProvider.System);
        var others = new Leftovers(folder.FullPath + "-other", TimeProvider.System);
        // The grandchild leaves the session, as a program may that was started in the background.
        var app = Start("setsid sleep 1000 & sleep 1000", ours);
        var stranger = Start("sleep 1000", others);
        try
        {
            await Eventually.Become(() => ours.Count, count => count == 3, Soon, "three processes of ours", cancel);

            Assert.Equal(3, await ours.EndAsync(cancel));

            await app.Exited.WaitAsync(Soon, TimeProvider.System, cancel);
            Assert.Equal(0, ours.Count);
            Assert.False(stranger.Exited.IsCompleted);
        }
        finally
        {
            app.Kill();
            stranger.Kill();
        }
    }

    private AppProcess Start(string script, Leftovers marked) =>
        AppProcess.Start(["sh", "-c", script], folder.FullPath, marked.Marks, _ => { });
}
