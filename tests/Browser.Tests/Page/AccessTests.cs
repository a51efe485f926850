using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests.Page;

/// <summary>Names, roles, order and contrast, as axe judges them, in both looks.</summary>
public sealed class AccessTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private static readonly (string Path, string WaitsFor)[] Pages =
    [
        ("/", ".tile"), ("/ui/services", "tbody tr"), ("/ui/services/web", ".life"), ("/ui/services/web/logs", ".line"),
        ("/ui/services/web/stats", ".plot"), ("/ui/services/web/why", "tr.chosen"), ("/ui/services/web/revisions", "tbody tr"),
        ("/ui/services/web/history", ".event"), ("/ui/events", ".event"), ("/ui/members", "tbody tr"), ("/ui/create", "form"),
        ("/ui/maintenance", "tbody tr"), ("/ui/stacks", "main p"), ("/ui/jobs", "main p"), ("/ui/deploy", "form"),
    ];

    private readonly LivingCluster cluster = LivingCluster.Start();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_page_can_be_read_and_used_without_seeing_its_colours(ColorScheme colours)
    {
        await cluster.Client.Services.Create(
            "web", new() { Container = new() { Image = "web:1", Ports = [new(80)] }, Instances = 3 },
            cancel: TestContext.Current.CancellationToken);
        var page = (await chromium.Open(new Uri("about:blank"))).Page;
        await page.EmulateMediaAsync(new() { ColorScheme = colours, ReducedMotion = ReducedMotion.Reduce });
        List<string> faults = [];
        foreach (var (path, waitsFor) in Pages)
        {
            await page.Open(cluster, path);
            await Expect(page.Locator(waitsFor).First).ToBeVisibleAsync(Parts.Patiently);
            faults.AddRange((await page.RunAxe()).Violations.Select(it => Words(path, it)));
        }

        await page.Open(cluster, "/ui/services/web");
        await page.Button("^Restart…$").ClickAsync(new() { Timeout = Parts.Patience });
        await Expect(page.OpenDialog()).ToContainTextAsync("web-1-r2-a1", new() { Timeout = Parts.Patience });
        faults.AddRange((await page.RunAxe()).Violations.Select(it => Words("the plan", it)));
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private static string Words(string where, AxeResultItem it) =>
        $"{where}: {it.Id}, {it.Help}: {string.Join(" | ", it.Nodes.Take(4).Select(node => $"{node.Html} {Why(node)}"))}";

    private static string Why(AxeResultNode node) => string.Join("; ", node.Any.Select(it => it.Message));
}
