using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Orchestrator.Browser.Tests.Page;

public sealed class MembersPageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private readonly LivingCluster cluster = LivingCluster.Start();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task A_worker_is_drained_after_its_plan_was_seen_and_events_tell_so()
    {
        await cluster.Client.Services.Create("web", new() { Container = new() { Image = "web:1" }, Instances = 3 }, cancel: Cancel);
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/members"))).Page;
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("^worker-b ") });
        await Expect(row).ToContainTextAsync("zone=zone-2", new() { Timeout = Parts.Patience });
        await row.GetByRole(AriaRole.Button, new() { Name = "Drain…" }).ClickAsync();
        await Expect(page.OpenDialog()).ToContainTextAsync("worker-b", new() { Timeout = Parts.Patience });
        await page.DoIt();
        await Expect(row).ToContainTextAsync("draining", new() { Timeout = Parts.Patience });
        await page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("worker-b drains", new() { Timeout = Parts.Patience });
        await page.GetByLabel("Kind").SelectOptionAsync("drain");
        await Expect(page.GetByRole(AriaRole.Main)).Not.ToContainTextAsync("web-1-r1-a1");
    }

    [Fact]
    public async Task A_worker_is_taken_out_for_maintenance_with_its_reason()
    {
        var page = (await chromium.Open(new Uri(cluster.Url, "/ui/maintenance"))).Page;
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("^worker-b ") });
        await row.GetByRole(AriaRole.Button, new() { Name = "Take out…" }).ClickAsync(new() { Timeout = Parts.Patience });
        await page.GetByLabel("Why (for the history)").FillAsync("a new disk", new() { Timeout = Parts.Patience });
        await page.DoIt();
        await Expect(row).ToContainTextAsync("a new disk", new() { Timeout = Parts.Patience });
        await Expect(row.GetByRole(AriaRole.Button, new() { Name = "Bring back…" })).ToBeVisibleAsync(Parts.Patiently);
    }

    [Fact]
    public async Task Keys_lead_from_page_to_page()
    {
        var page = (await chromium.Open(cluster.Url)).Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Cluster" })).ToBeVisibleAsync(Parts.Patiently);
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("s");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Services", Exact = true })).ToBeVisibleAsync(Parts.Patiently);
        await Expect(page.GetByPlaceholder("filter services")).ToBeVisibleAsync(Parts.Patiently);
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByPlaceholder("filter services")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("gm");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Services", Exact = true })).ToBeVisibleAsync();
    }
}
